"""The errors and notes a user can meet: what is wrong, where, what was expected, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SHOWN = 20


@dataclass(frozen=True)
class Place:
    """Where something stands: file, then line and column of a manifest, or row, column and value of a table.

    Rows are 1-based and the header counts as row 1, as a spreadsheet shows them.
    """

    file: str = ""
    line: int | None = None
    position: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        text = self.file
        if self.line is not None:
            text += f":{self.line}" + (f":{self.position}" if self.position is not None else "")
        parts = [
            f"row {self.row:,}" if self.row is not None else "",
            f'column "{self.column}"' if self.column is not None else "",
            f'value "{self.value}"' if self.value is not None else "",
        ]
        detail = ", ".join(part for part in parts if part)
        return f"{text}: {detail}" if text and detail else text or detail


@dataclass(frozen=True)
class Problem:
    """One thing that stops a build. ``code`` is stable (``RG101``); ``key`` is the manifest key it concerns."""

    code: str
    what: str
    where: Place = field(default_factory=Place)
    key: str = ""
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        head = ": ".join(part for part in (str(self.where), self.key, self.what) if part)
        tail = [part for part in (self.expected and f"expected {self.expected}", self.mend) if part]
        return f"{self.code} " + "; ".join([head, *tail])


class InputError(Exception):
    """Every problem that one stage found, at once; the command prints them and exits with 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def stop(problem: Problem) -> InputError:
    """The error of one problem alone, to be raised."""
    return InputError([problem])


def printable(text: str) -> str:
    """The text with control characters, terminal escapes among them, shown as escapes, for stderr and summaries."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


CODES = {
    "RG101": "The manifest is missing or cannot be read.",
    "RG102": "The manifest is empty.",
    "RG103": "A manifest or configuration file is not UTF-8 text.",
    "RG104": "A manifest or configuration file is not valid YAML, TOML or JSON.",
    "RG105": "A key stands twice.",
    "RG106": "A YAML tag is not known; only plain values are read.",
    "RG107": "A manifest or configuration file is too large, too deep, or unfolds into too many values.",
    "RG108": "The manifest is of a newer form than this release reads.",
    "RG110": "The manifest has a key that does not exist.",
    "RG111": "The manifest lacks a key.",
    "RG112": "A key of the manifest has a value that it cannot have.",
    "RG113": "Two versions have one name, or names that file systems cannot tell apart.",
    "RG114": "The baseline or candidate is no version, or both are the same.",
    "RG115": "The support thresholds do not rise.",
    "RG116": "A path leaves the manifest's folder.",
    "RG117": "A file that the manifest names is not there.",
    "RG118": "A path of the manifest is no regular file, or no folder.",
    "RG119": "No version is named, neither in the manifest nor on the command line.",
    "RG120": "The manifest names a metric that the task does not have.",
    "RG121": "The manifest's first metric cannot lead, since it is no mean over samples.",
    "RG122": "A prediction file on the command line lacks its name or its path.",
    "RG123": "A gate, a critical slice or a belief names an attribute or a value that the samples do not have.",
    "RG124": "A gate's limit, class or place does not fit its metric.",
    "RG125": "A line of `expect` cannot be read, or names what the report does not have.",
    "RG126": "A cost names a class that there is not, or makes a right answer cost something.",
    "RG200": "A table is missing or may not be read.",
    "RG201": "A text table is not UTF-8.",
    "RG202": "Several delimiters split a CSV file alike.",
    "RG203": "A row of a CSV file has too many or too few fields.",
    "RG204": "Two columns have one name.",
    "RG205": "A table has no rows.",
    "RG206": "A quote of a CSV file does not close, or goes on after it closed.",
    "RG207": "A line of a JSON table is no JSON object.",
    "RG208": "A key stands twice in one JSON object.",
    "RG209": "A Parquet file is damaged, or is something else.",
    "RG210": "An Arrow file is damaged, or is something else.",
    "RG211": "A table is of a format that is not read.",
    "RG212": "A table is no regular file.",
    "RG213": "A table changed while it was read.",
    "RG214": "A table has too many columns.",
    "RG215": "A JSON column holds values of several kinds, and is read as text.",
    "RG216": "A JSON column holds half characters, shown as U+FFFD.",
    "RG217": "A column holds binary or nested values, and is not read.",
    "RG218": "Columns of a CSV file with blanks around their names are read without, as are their cells.",
    "RG301": "A table lacks a column that the manifest names.",
    "RG302": "No column of the predictions looks like a prediction.",
    "RG303": "A row has no id.",
    "RG304": "Two samples have one id.",
    "RG305": "Two predictions of one version have one id, and differ.",
    "RG306": "Predictions stand twice, alike: each is used once.",
    "RG307": "Samples without a prediction.",
    "RG308": "Predictions whose id no sample has: left out.",
    "RG309": "No id of the predictions is an id of the samples.",
    "RG310": "A value of a column of numbers is no number.",
    "RG311": "A number is infinite, or too large to be squared.",
    "RG312": "A probability lies outside 0 to 1.",
    "RG313": "Probabilities of samples sum to a little less or more than 1: used as they are.",
    "RG314": "Probabilities of a sample do not sum to 1.",
    "RG315": "Classes without a column of probabilities.",
    "RG316": "A list of probabilities has another length than the classes.",
    "RG317": "Predictions that are empty or not a number: left out.",
    "RG318": "Predicted labels are written otherwise than the target's.",
    "RG319": "Labels differ from the target's in decimals only, and are read as the same.",
    "RG320": "A predicted label that no sample has as its target: an extra class.",
    "RG321": "A target is none of the manifest's classes.",
    "RG322": "The positive class is no class, or the scores say the opposite of the labels.",
    "RG323": "A score alone decides between two classes only.",
    "RG324": "No sample has a target.",
    "RG325": "Samples without a target: left out.",
    "RG326": "A weight is not above 0, or far too small beside the others.",
    "RG327": "Samples without a group: each counts as a group of its own.",
    "RG328": "Binary scores that are never below one half are read as the confidence of the label.",
    "RG329": "The positive class was chosen, since the manifest names none.",
    "RG330": "Labels differ from what score and threshold say: labels are used.",
    "RG331": "There are too many classes.",
    "RG332": "All samples have the same target, so that many metrics are not defined.",
    "RG333": "Labels differ from what the probabilities say: labels are used.",
    "RG334": "A score column is empty, and is not read.",
    "RG335": "A column called score is no probability, and is not read.",
    "RG336": "No column names the samples in both files.",
    "RG337": "No column looks like the target.",
    "RG338": "A column is no attribute, with the reason.",
    "RG339": "A declared attribute holds lists or durations, which do not slice.",
    "RG340": "No prediction of a version can be used.",
    "RG341": "What is to hold sets of labels holds none.",
    "RG342": "A column of a class holds neither 0 nor 1.",
    "RG343": "Thresholds name classes without scores.",
    "RG344": "A frame of a sequence has no number.",
    "RG345": "A training table lacks columns that slice: how often their values occur there is not told.",
    "RG346": "Links that are no address of the web: left out.",
    "RG347": "Rows of the reviewed list that nobody has filled in yet.",
    "RG348": "Reviewed labels that are no class: the samples' labels count as wrong.",
    "RG349": "Two frames of one sequence have one number.",
    "RG350": "A sequence spans several groups.",
    "RG351": "A mask image cannot be read.",
    "RG352": "A mask image is coloured, so that its pixels name no classes.",
    "RG353": "A mask image has another size than its image.",
    "RG354": "A mask image holds a value that is no class.",
    "RG355": "A mask image could be of several samples, or a sample's of several files.",
    "RG356": "No mask is of a sample.",
    "RG357": "Samples without a true mask: left out, for nobody said what is in them.",
    "RG358": "Masks have the size of their image as it is stored, before EXIF turns it.",
    "RG359": "Nothing is true of any sample: no label, no object, or no pixel of a class.",
    "RG360": "A reviewed box or region is said to be neither wrong nor right, or of no kind that the list has.",
    "RG361": "What is to hold embeddings holds no vectors, or would have to run code to be read.",
    "RG362": "Vectors differ in length, or are not one a sample.",
    "RG363": "A vector holds numbers that are missing, NaN or infinite.",
    "RG364": "Two vectors have one id.",
    "RG365": "No vector is of a sample.",
    "RG366": "Samples without a vector: they have no look-alikes.",
    "RG367": "Vectors whose id no sample has: left out.",
    "RG368": "More samples have a vector than are compared with each other: neighbours are not looked for.",
    "RG369": "Vectors of nothing but zeros, which have no look-alikes.",
    "RG370": "Objects have no mask, where masks are judged.",
    "RG371": "A file or folder of objects is of no format that is read.",
    "RG372": "A file of objects is no valid JSON or XML.",
    "RG373": "An entry of a file of objects lacks what its format needs, or holds what it cannot.",
    "RG374": "A box has a coordinate that is no number, or a width or height below 0.",
    "RG375": "Boxes without area: kept, they overlap nothing.",
    "RG376": "Boxes that reach beyond their image: used as they are.",
    "RG377": "Boxes look like two corners, like pixels or like shares, where the format has something else.",
    "RG378": "A detection has no score, or one outside 0 to 1; or true objects have scores.",
    "RG379": "Categories are not those of the true objects, by shift or by name.",
    "RG380": "Two images, or two categories, of a file of objects have one id or one name.",
    "RG381": "No image of a file of objects is a sample.",
    "RG382": "By which of their names the images of a file of objects are samples.",
    "RG383": "Detections on images that no sample is of: left out.",
    "RG384": "Images with true objects that no sample is of: left out.",
    "RG385": "Samples that the true objects' file does not name: left out, for nobody said what is in them.",
    "RG386": "Several annotations have one id: every one counts.",
    "RG387": "A mark of objects that does not change how they count.",
    "RG388": "A mask is damaged, or of another size than its image.",
    "RG389": "Polygons of fewer than three points: left out.",
    "RG390": "Polygons that cross themselves.",
    "RG391": "Boxes are shares of an image whose size is not known.",
    "RG392": "How the boxes of a file were read, where it does not say.",
    "RG393": "A format is read with a package that is not installed.",
    "RG394": "An XML file declares a document type or entities.",
    "RG395": "What stands in a file of objects and is not read.",
    "RG396": "No true object has an attribute that the manifest names.",
    "RG397": "Samples without a sequence: each is a still of its own.",
    "RG398": "Sequences with gaps in their frame numbers.",
    "RG399": "No sequence has two frames.",
    "RG401": "An attribute without two values has no slices.",
    "RG402": "An attribute has more values than are shown; the rest are one value.",
    "RG403": "Pairs of values with few samples are not listed.",
    "RG404": "A probability of about 0 for the true class: log loss takes the smallest that counts.",
    "RG405": "A slice that the manifest declares holds no sample.",
    "RG406": "A pinned set names ids that no sample has.",
    "RG451": "Samples whose media column is empty.",
    "RG452": "Image files that are not there.",
    "RG453": "Images outside the media root, never read.",
    "RG454": "Media paths that are no regular files.",
    "RG455": "Image files above the size that is read.",
    "RG456": "Images with more pixels than are decoded.",
    "RG457": "Images of a format that is not shown.",
    "RG458": "Files that are no images.",
    "RG459": "Images that end too early.",
    "RG460": "Damaged images.",
    "RG461": "Images beyond the media budget.",
    "RG462": "Images that were changed to be shown.",
    "RG463": "How many media the report holds, and their size.",
    "RG464": "Images that were not checked, since they are beyond what one build decodes.",
    "RG502": "SOURCE_DATE_EPOCH is no time.",
    "RG503": "A manifest stands where one would be written.",
    "RG504": "No report stands there.",
    "RG511": "The place is never replaced by a report.",
    "RG512": "A file stands where a folder would be written, or a folder in place of a file.",
    "RG513": "What stands in the place is no report, and is left alone.",
    "RG514": "Another process is writing this report.",
    "RG515": "No space is left.",
    "RG516": "The place may not be written to.",
    "RG517": "The report cannot be written.",
    "RG518": "The report is too large.",
    "RG519": "The report would take the place of a file that it is built from.",
    "RG520": "The report would stand inside the media root.",
    "RG521": "The single file would stand in the folder that is written beside it.",
    "RG531": "No gate is set, so that a check would check nothing.",
    "RG532": "A built report is of another form than this release reads.",
    "RG533": "The report.json of a built report is damaged.",
    "RG534": "What was given as the report's address is none.",
    "RG535": "A file of a check has no place of its own.",
    "RG541": "A file of the history is damaged, or no past report: left out.",
    "RG542": "A past report is of a newer form than this release reads: left out.",
    "RG543": "The history holds more past reports than are read: the oldest are left out.",
    "RG544": "The history cannot be kept in its folder.",
}
"""Every stable code of an error or note, and what it says in one line."""
