import HubCore
import Testing

@testable import DataTools

@Suite("Configurations and splits")
struct DatasetLayoutTests {
    private static func entry(_ path: String) throws -> TreeEntry {
        TreeEntry(
            path: path, kind: .file, id: try #require(ObjectID("0123456789012345678901234567890123456789")), size: 10)
    }

    private static func layout(_ paths: [String], _ card: String = "") throws -> [String] {
        let layout = DatasetLayout(
            files: try paths.map(entry), card: Card(readme: Array("---\n\(card)\n---\n".utf8)))
        return layout.splits.map { split in
            "\(split.config)/\(split.name): \(split.files.map(\.path).joined(separator: " "))"
        }
    }

    @Test(
        "names of files tell splits",
        arguments: [
            (["a.csv", "README.md"], ["default/train: a.csv"]),
            (
                [
                    "data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet",
                    "data/dev_x-00000-of-00001.parquet",
                ],
                [
                    "default/train: data/train-00000-of-00002.parquet data/train-00001-of-00002.parquet",
                    "default/dev_x: data/dev_x-00000-of-00001.parquet",
                ]
            ),
            (
                ["my_test.csv", "my-train-file.csv", "valid.csv"],
                ["default/train: my-train-file.csv", "default/validation: valid.csv", "default/test: my_test.csv"]
            ),
            (["test/a.jsonl", "training/b.jsonl"], ["default/train: training/b.jsonl", "default/test: test/a.jsonl"]),
            (["contest.csv", "latest.csv"], ["default/train: contest.csv latest.csv"]),
            (
                ["a.parquet", "b.parquet", "c.csv", "dataset_infos.json", ".hidden/x.csv"],
                ["default/train: a.parquet b.parquet"]
            ),
            (["README.md", "model.bin"], []),
        ])
    func byName(_ paths: [String], _ splits: [String]) throws { #expect(try Self.layout(paths) == splits) }

    @Test("the card says it first")
    func byCard() throws {
        let paths = ["en/a.csv", "en/b.csv", "zh/a.csv", "zh/deep/c.csv"]
        #expect(
            try Self.layout(
                paths,
                """
                configs:
                - config_name: en
                  data_files:
                  - split: train
                    path: en/a.csv
                  - split: test
                    path: ["en/b*.csv"]
                - config_name: zh
                  default: true
                  data_files: "zh/**"
                """) == ["en/train: en/a.csv", "en/test: en/b.csv", "zh/train: zh/a.csv zh/deep/c.csv"])
        #expect(
            try Self.layout(paths, "configs:\n- config_name: d\n  data_dir: zh") == ["d/train: zh/a.csv zh/deep/c.csv"])
    }

    @Test(
        "patterns are those of shells",
        arguments: [
            ("*.csv", "a.csv", true), ("*.csv", "d/a.csv", false), ("**/*.csv", "a.csv", true),
            ("**/*.csv", "d/e/a.csv", true), ("data/train-[0-9]?.csv", "data/train-12.csv", true),
            ("data/train-[!0-9].csv", "data/train-1.csv", false), ("{a,b}/x.csv", "b/x.csv", true),
            ("{a,b}/x.csv", "c/x.csv", false), ("./a.csv", "a.csv", true), ("a.csv", "aXcsv", false),
        ])
    func glob(_ pattern: String, _ path: String, _ matches: Bool) throws {
        #expect(try #require(PathGlob(pattern)).matches(path) == matches)
    }

    @Test("a pattern made to take long does not", .timeLimit(.minutes(1)))
    func bomb() throws {
        let glob = try #require(PathGlob(String(repeating: "*a", count: 400) + "b"))
        #expect(!glob.matches(String(repeating: "a", count: 2_000)))
        #expect(PathGlob(String(repeating: "{a,b}", count: 40)) == nil)
    }
}
