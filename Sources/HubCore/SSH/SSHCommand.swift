/// What a client may run over SSH: a closed list, with exactly the arguments that git and git-lfs send (S16).
package enum SSHCommand: Sendable, Hashable {
    case uploadPack(RepositoryID)
    case receivePack(RepositoryID)
    /// Credentials for LFS over HTTP.
    case authenticateLFS(RepositoryID, isUpload: Bool)

    private static let maximumByteCount = 1024

    /// Reads `SSH_ORIGINAL_COMMAND`; nil for everything that is not one of the three, letter by letter.
    package init?(parsing line: String) {
        guard line.utf8.count <= Self.maximumByteCount, let words = Self.words(line) else { return nil }
        switch (words.first, words.count) {
        case ("git-upload-pack", 2):
            guard let id = Self.repository(words[1]) else { return nil }
            self = .uploadPack(id)
        case ("git-receive-pack", 2):
            guard let id = Self.repository(words[1]) else { return nil }
            self = .receivePack(id)
        case ("git-lfs-authenticate", 3):
            guard let id = Self.repository(words[1]), words[2] == "upload" || words[2] == "download" else { return nil }
            self = .authenticateLFS(id, isUpload: words[2] == "upload")
        default: return nil
        }
    }

    /// Words between single spaces, each of plain characters, or of those within single quotes.
    private static func words(_ line: String) -> [String]? {
        var words: [String] = []
        for part in line.split(separator: " ", omittingEmptySubsequences: false) {
            var word = part
            if word.count >= 2, word.first == "'", word.last == "'" { word = word.dropFirst().dropLast() }
            guard !word.isEmpty, word.utf8.allSatisfy(isPlain) else { return nil }
            words.append(String(word))
        }
        return words
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// `acme/demo.git`, `/models/acme/demo`, `datasets/acme/demo.git`.
    private static func repository(_ path: String) -> RepositoryID? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.first?.isEmpty == true { parts.removeFirst() }
        var kind = RepositoryKind.model
        if parts.count == 3,
            let named = RepositoryKind.allCases.first(where: { $0.plural == parts[0] || $0.gitPlural == parts[0] })
        {
            kind = named
            parts.removeFirst()
        }
        guard parts.count == 2 else { return nil }
        let name = parts[1].hasSuffix(".git") ? parts[1].dropLast(4) : parts[1]
        return RepositoryID(kind: kind, namespace: String(parts[0]), name: String(name))
    }
}
