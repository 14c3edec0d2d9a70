import Testing

@testable import DataTools

@Test(
    "a file's name tells its format, whatever it is compressed with",
    arguments: [
        ("data/train-00000-of-00001.parquet", TableFormat.parquet), ("a.CSV.gz", .csv), ("b.ndjson", .jsonl),
        ("c.json.zst", .json), ("d.feather", .arrow),
    ])
func format(_ path: String, _ expected: TableFormat) {
    #expect(TableFormat(path: path) == expected)
    #expect(TableFormat(path: path + ".bin") == nil)
}
