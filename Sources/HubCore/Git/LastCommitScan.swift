/// Reads `git log -z --format=/%H --name-only` and notes, for each entry of a folder, the first commit that names it.
///
/// Commits are marked by a leading slash, which no path in a tree has. Pure: feed bytes until `isComplete`.
struct LastCommitScan: Sendable {
    private let prefix: [UInt8]
    private var missing: Set<String>
    private var pending: [UInt8] = []
    private var current: ObjectID?
    private var isFirstPath = false

    /// The commit of each entry found so far, by the entry's full path.
    private(set) var found: [String: ObjectID] = [:]

    /// - Parameters:
    ///   - folder: the folder, nil for the root.
    ///   - paths: the full paths of its entries.
    init(folder: GitPath?, paths: some Sequence<String>) {
        prefix = folder.map { Array($0.path.utf8) + [UInt8(ascii: "/")] } ?? []
        missing = Set(paths)
    }

    /// Whether every entry has its commit.
    var isComplete: Bool { missing.isEmpty }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        var start = bytes.startIndex
        for index in bytes.indices where bytes[index] == 0 {
            take(pending + bytes[start..<index])
            pending = []
            start = index + 1
        }
        pending.append(contentsOf: bytes[start...])
    }

    private mutating func take(_ token: [UInt8]) {
        if token.first == UInt8(ascii: "/"), let id = ObjectID(hexDigits: token.dropFirst()) {
            current = id
            isFirstPath = true
            return
        }
        // git puts a line feed between a commit and its first path.
        let path = isFirstPath && token.first == UInt8(ascii: "\n") ? token.dropFirst() : token[...]
        isFirstPath = false
        guard let current, path.starts(with: prefix), path.count > prefix.count else { return }
        let name = path.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "/") }
        let entry = String(decoding: prefix + name, as: UTF8.self)
        if missing.remove(entry) != nil { found[entry] = current }
    }
}
