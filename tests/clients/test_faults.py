"""Planted faults in small sources, each of which `faults.py` must name: `python3 -m unittest discover -s tests/clients`."""

import pathlib
import tempfile
import unittest

from faults import faults

DOCUMENT = {
    "paths": {"/lots": {"get": {"operationId": "list_lots"}}},
    "components": {
        "schemas": {
            "Lot": {"type": "object", "properties": {"lot_no": {"type": "string"}, "packs": {"type": "number"}, "more": {}}},
            "Kind": {"type": "string", "enum": ["a", "b"]},
        }
    },
}

SOURCES = {
    "kotlin": {
        "src/main/kotlin/x/models/Lot.kt": """
    @Json(name = "lot_no")
    val lotNo: kotlin.String? = null,

    @Json(name = "packs")
    val packs: kotlin.Double? = null,

    @Json(name = "more")
    val more: kotlin.Any? = null
""",
        "src/main/kotlin/x/models/Kind.kt": """
    @Json(name = "a")
    A("a"),

    @Json(name = "b")
    B("b");
""",
        "src/main/kotlin/x/apis/LotsApi.kt": "\n    fun listLots(q: kotlin.String?, tags: kotlin.collections.Map<kotlin.String, kotlin.Int>) : Lot {\n",
    },
    "csharp": {
        "src/Org.OpenAPITools/Model/Lot.cs": """
        [JsonPropertyName("lot_no")]
        public string? LotNo { get; set; }
        [JsonPropertyName("packs")]
        public double? Packs { get; set; }
        [JsonPropertyName("more")]
        public Object? More { get; set; }
""",
        "src/Org.OpenAPITools/Model/Kind.cs": "\n        A = 1,\n\n        B = 2\n    }\n",
        "src/Org.OpenAPITools/Api/LotsApi.cs": "\n        public async Task<IListLotsApiResponse> ListLotsAsync(Option<string> q = default, int tags = default)\n",
    },
    "dart": {
        "lib/model/lot.dart": """
  String? lotNo;

  double? packs;

  Object? more;

      json[r'lot_no'] = this.lotNo;
      json[r'packs'] = this.packs;
      json[r'more'] = this.more;
""",
        "lib/model/kind.dart": "\n  static const a = Kind._(r'a');\n  static const b = Kind._(r'b');\n",
        "lib/api/lots_api.dart": "\n  Future<Lot?> listLots({ String? q, int? tags, }) async {\n",
    },
}

# What is replaced by what, in which language, and what is then said.
PLANTED = [
    ("kotlin", "packs: kotlin.Double", "packs: kotlin.Float", "Lot.kt: single precision"),
    ("kotlin", '"lot_no"', '"lotNumber"', "Lot.lot_no: lost"),
    ("kotlin", "lotNo: kotlin.String", "lotNo: kotlin.Any", "Lot.lot_no: kotlin.Any?, although the document gives a type"),
    ("kotlin", 'B("b")', 'A("b")', "Kind: 2 constants are called A"),
    ("kotlin", "listLots", "listAll", "list_lots: no method"),
    ("kotlin", "tags:", "q:", "listLots: 2 parameters are called q"),
    ("csharp", "double?", "float?", "Lot.cs: single precision"),
    ("csharp", '"lot_no"', '"lotNumber"', "Lot.lot_no: lost"),
    ("csharp", "string? LotNo", "Object? LotNo", "Lot.lot_no: Object?, although the document gives a type"),
    ("csharp", "B = 2", "A = 2", "Kind: 2 constants are called A"),
    ("csharp", "ListLotsAsync", "ListAllAsync", "list_lots: no method"),
    ("csharp", "int tags", "int q", "ListLots: 2 parameters are called q"),
    ("dart", "json[r'lot_no']", "json[r'lotNumber']", "Lot.lot_no: lost"),
    ("dart", "String? lotNo", "Object? lotNo", "Lot.lot_no: Object?, although the document gives a type"),
    ("dart", "const b = Kind", "const a = Kind", "Kind: 2 constants are called a"),
    ("dart", "listLots", "listAll", "list_lots: no method"),
    ("dart", "int? tags", "int? q", "listLots: 2 parameters are called q"),
]


class Faults(unittest.TestCase):
    def found(self, language, sources):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in sources.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return faults(language, pathlib.Path(folder), DOCUMENT)

    def test_sources_without_faults_pass(self):
        for language, sources in SOURCES.items():
            with self.subTest(language):
                self.assertEqual(self.found(language, sources), [])

    def test_each_planted_fault_is_named(self):
        for language, old, new, said in PLANTED:
            with self.subTest(language=language, said=said):
                changed = {name: text.replace(old, new) for name, text in SOURCES[language].items()}
                self.assertNotEqual(changed, SOURCES[language])
                self.assertEqual(self.found(language, changed), [said])

    def test_a_model_that_is_missing_is_named(self):
        for language, sources in SOURCES.items():
            with self.subTest(language):
                rest = {name: text for name, text in sources.items() if "lot." not in name.lower()}
                self.assertEqual(self.found(language, rest), ["Lot: no model"])

    def test_a_model_of_an_inline_schema_and_one_that_is_there_twice_are_named(self):
        for language, sources in SOURCES.items():
            name = next(name for name in sources if "lot." in name.lower())
            with self.subTest(language):
                inner = self.found(language, {**sources, name.replace("ot.", "ot_items_inner."): ""})
                self.assertEqual(len(inner), 1, inner)
                self.assertIn("a model that is no component", inner[0])
                twice = self.found(language, {**sources, name.replace("ot.", "_ot."): sources[name]})
                self.assertIn("2 models are called lot", twice)


if __name__ == "__main__":
    unittest.main()
