import HubCore

/// Which files of a commit are read for its terms.
struct LicenseFiles: Sendable {
    /// What a file is by its name.
    enum Role: Sendable, Hashable {
        /// It holds the licence.
        case license
        /// It holds notices or rules of use, which count where they name a licence.
        case notice
    }

    /// A file that is read.
    struct Chosen: Sendable {
        let entry: TreeEntry
        let role: Role
        fileprivate let rank: Rank
    }

    /// The place of a file among those that could be read, the first first.
    fileprivate struct Rank: Sendable, Comparable {
        let role: Int
        let depth: Int
        let path: String

        static func < (left: Rank, right: Rank) -> Bool {
            if left.role != right.role { return left.role < right.role }
            return left.depth != right.depth ? left.depth < right.depth : left.path < right.path
        }
    }

    /// Texts of a commit that are read.
    static let maximumFiles = 16
    /// The longest that is read, in bytes.
    static let maximumBytes = 1 << 20

    /// The files with their roles, licences first, those at the top before those in `LICENSES/`.
    let chosen: [Chosen]
    /// How many were left out.
    let omitted: Int

    init(_ files: [TreeEntry]) {
        var found: [Chosen] = []
        for entry in files {
            guard let role = Self.role(of: entry.path) else { continue }
            found.append(Chosen(entry: entry, role: role, rank: Self.rank(entry, role)))
        }
        found.sort { $0.rank < $1.rank }
        chosen = Array(found.prefix(Self.maximumFiles))
        omitted = found.count - chosen.count
    }

    private static func rank(_ entry: TreeEntry, _ role: Role) -> Rank {
        Rank(
            role: role == .license ? 0 : 1, depth: entry.path.utf8.contains(UInt8(ascii: "/")) ? 1 : 0,
            path: entry.path)
    }

    /// Programs, tables and weights are no licences, whatever they are called.
    private static let otherKinds: Set<String> = [
        "py", "pyc", "js", "ts", "mjs", "json", "jsonl", "yaml", "yml", "toml", "ipynb", "safetensors", "bin", "gguf",
        "png", "jpg", "jpeg", "gif", "svg", "webp", "sh", "c", "h", "cc", "cpp", "hpp", "cs", "swift", "java", "go",
        "rs", "rb", "csv", "tsv", "parquet", "zip", "gz", "tar",
    ]

    /// Nil for other files: those at the top with such a name, and those of the folder that REUSE asks for.
    static func role(of path: String) -> Role? {
        let parts = path.split(separator: "/")
        guard let name = parts.last?.lowercased() else { return nil }
        let ending = name.split(separator: ".").dropFirst().last.map(String.init) ?? ""
        guard !otherKinds.contains(ending) else { return nil }
        if parts.count == 2, ["licenses", "licences"].contains(parts[0].lowercased()) { return .license }
        guard parts.count == 1 else { return nil }
        if name.contains("license") || name.contains("licence") { return .license }
        if name.hasPrefix("copying") || name.hasPrefix("eula") { return .license }
        if name.hasPrefix("notice") || name.contains("use_policy") || name.contains("use-policy") { return .notice }
        return nil
    }
}
