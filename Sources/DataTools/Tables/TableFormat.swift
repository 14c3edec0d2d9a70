/// A format of files that hold rows.
package enum TableFormat: String, Sendable, Codable, CaseIterable {
    case parquet, csv, tsv, json, jsonl, arrow

    /// By the end of a file's name, a compression's included; nil for what holds no rows.
    package init?(path: String) {
        var name = path.lowercased()[...]
        for compression in [".gz", ".zst"] where name.hasSuffix(compression) { name = name.dropLast(compression.count) }
        switch name.split(separator: ".").last.map(String.init) {
        case "parquet": self = .parquet
        case "csv": self = .csv
        case "tsv": self = .tsv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "arrow", "feather": self = .arrow
        default: return nil
        }
    }
}

extension TableFormat {
    /// How a file is packed, by the end of its name: `gzip`, `zstd` or nil.
    package static func compression(of path: String) -> String? {
        let name = path.lowercased()
        return name.hasSuffix(".gz") ? "gzip" : name.hasSuffix(".zst") ? "zstd" : nil
    }
}
