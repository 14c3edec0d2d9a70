package import HubCore

/// A split of a dataset: files of one format whose rows follow one another.
package struct DatasetSplit: Sendable {
    package let config: String
    package let name: String
    package let format: TableFormat
    package let files: [TreeEntry]

    package init(config: String, name: String, format: TableFormat, files: [TreeEntry]) {
        self.config = config
        self.name = name
        self.format = format
        self.files = files
    }

    /// Bytes of its files.
    package var size: Int64 { files.totalContentSize }
}

/// Configurations and splits of a dataset, as its card or the names of its files tell them.
/// - SeeAlso: Hugging Face hub-docs, "Data files configuration" and "File names and splits".
package struct DatasetLayout: Sendable {
    package let splits: [DatasetSplit]
    /// The configuration that is shown unless another one is asked for.
    package let defaultConfig: String?

    package static let usualConfig = "default"
    private static let configLimit = 2_000

    package init(files: [TreeEntry], card: Card) {
        let tables = files.filter { Self.isData($0) }.sorted { $0.path < $1.path }
        if case .array(let configs) = card.data?["configs"] {
            var splits: [DatasetSplit] = []
            var preferred: String?
            for config in configs.prefix(Self.configLimit) {
                let name = config["config_name"]?.scalarText ?? Self.usualConfig
                if case .boolean(true) = config["default"] { preferred = name }
                splits += Self.splits(of: config, name: name, among: tables)
            }
            if !splits.isEmpty {
                self.splits = splits
                defaultConfig = preferred ?? splits.first { $0.config == Self.usualConfig }?.config ?? splits[0].config
                return
            }
        }
        splits = Self.splits(byNameOf: tables, config: Self.usualConfig)
        defaultConfig = splits.first?.config
    }

    package var configs: [String] {
        var seen: Set<String> = []
        return splits.map(\.config).filter { seen.insert($0).inserted }
    }

    package func splits(of config: String) -> [DatasetSplit] { splits.filter { $0.config == config } }

    package func split(_ config: String, _ name: String) -> DatasetSplit? {
        splits.first { $0.config == config && $0.name == name }
    }

    // MARK: By the card

    private static func splits(of config: JSONValue, name: String, among tables: [TreeEntry]) -> [DatasetSplit] {
        let folder = config["data_dir"]?.scalarText.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        var patterns: [(split: String, patterns: [String])] = []
        switch config["data_files"] {
        case .string(let text): patterns = [("train", [text])]
        case .array(let items):
            let plain = items.compactMap(\.string)
            if !plain.isEmpty { patterns.append(("train", plain)) }
            for item in items {
                if let split = item["split"]?.scalarText, let paths = item["path"] {
                    patterns.append((split, paths.strings))
                }
            }
        case .object(let members): patterns = members.map { ($0.key, $0.value.strings) }
        default:
            return splits(byNameOf: tables.filter { $0.path.hasPrefix(folder) }, config: name)
        }
        return patterns.compactMap { split, texts in
            let globs = texts.prefix(1_000).compactMap { PathGlob(folder + $0) }
            let found = tables.filter { table in globs.contains { $0.matches(table.path) } }
            return make(config: name, split: split, found)
        }
    }

    // MARK: By names

    private static let words: [(split: String, words: [String])] = [
        ("train", ["train", "training"]), ("validation", ["validation", "valid", "dev", "val"]),
        ("test", ["test", "testing", "eval", "evaluation"]),
    ]

    private static func splits(byNameOf tables: [TreeEntry], config: String) -> [DatasetSplit] {
        guard !tables.isEmpty else { return [] }
        // `data/anything-00000-of-00012.parquet` names any split.
        var sharded: [(String, TreeEntry)] = []
        for table in tables {
            if let name = shard(table.name) { sharded.append((name, table)) }
        }
        if !sharded.isEmpty { return grouped(sharded, config: config) }
        var named: [(String, TreeEntry)] = []
        for table in tables {
            if let split = keyword(in: table.path) { named.append((split, table)) }
        }
        if !named.isEmpty { return grouped(named, config: config) }
        return make(config: config, split: "train", tables).map { [$0] } ?? []
    }

    private static func grouped(_ pairs: [(String, TreeEntry)], config: String) -> [DatasetSplit] {
        let groups = Dictionary(grouping: pairs, by: \.0)
        let usual = words.map(\.split)
        let names = groups.keys.sorted { left, right in
            let (first, second) = (usual.firstIndex(of: left) ?? .max, usual.firstIndex(of: right) ?? .max)
            return first == second ? left < right : first < second
        }
        return names.compactMap { name in make(config: config, split: name, (groups[name] ?? []).map(\.1)) }
    }

    /// The split of `train-00000-of-00012-abcdef.parquet`.
    private static func shard(_ name: String) -> String? {
        let parts = name.prefix { $0 != "." }.split(separator: "-", omittingEmptySubsequences: false)
        guard let of = parts.lastIndex(of: "of"), of >= 2, of + 1 < parts.count else { return nil }
        guard [parts[of - 1], parts[of + 1]].allSatisfy({ $0.count == 5 && $0.allSatisfy(\.isNumber) }) else {
            return nil
        }
        let split = parts[..<(of - 1)].joined(separator: "-")
        let isName = split.allSatisfy { $0.isLetter || $0.isNumber || "_.".contains($0) }
        return isName && !split.isEmpty ? split : nil
    }

    /// A word for a split that stands alone in the name of the file, or else of a folder.
    private static func keyword(in path: String) -> String? {
        for component in path.split(separator: "/").reversed() {
            let pieces = component.lowercased().split { !$0.isLetter }.map(String.init)
            for (split, words) in words where words.contains(where: pieces.contains) { return split }
        }
        return nil
    }

    // MARK: Files

    private static func isData(_ entry: TreeEntry) -> Bool {
        guard entry.kind == .file || entry.kind == .executable, TableFormat(path: entry.path) != nil else {
            return false
        }
        let parts = entry.path.split(separator: "/")
        guard !parts.contains(where: { $0.hasPrefix(".") || $0.hasPrefix("__") }) else { return false }
        return !["dataset_infos.json", "dataset_dict.json", "dataset_info.json", "state.json", "config.json"]
            .contains(entry.name)
    }

    /// The files of the format most of them have.
    private static func make(config: String, split: String, _ files: [TreeEntry]) -> DatasetSplit? {
        var counts: [TableFormat: Int] = [:]
        for file in files { if let format = TableFormat(path: file.path) { counts[format, default: 0] += 1 } }
        guard
            let format = TableFormat.allCases.filter({ counts[$0] != nil }).max(by: {
                // Of equals the one that is named first.
                (counts[$0] ?? 0) < (counts[$1] ?? 0)
            })
        else { return nil }
        let ending = files.first { TableFormat(path: $0.path) == format }.map { TableFormat.compression(of: $0.path) }
        return DatasetSplit(
            config: config, name: split, format: format,
            files: files.filter {
                TableFormat(path: $0.path) == format && TableFormat.compression(of: $0.path) == ending ?? nil
            })
    }
}
