/// A commit as read from the object database.
package struct CommitInfo: Sendable, Hashable {
    package var id: CommitID
    package var tree: ObjectID
    package var parents: [CommitID]
    package var author: Signature
    package var committer: Signature
    /// The message, as UTF-8; a longer one than ``maximumMessage`` is cut.
    package var message: String

    /// Bytes of a message that are read: histories are listed by the hundred, and a message can have any size.
    static let maximumMessage = 64 << 10

    package init(
        id: CommitID, tree: ObjectID, parents: [CommitID], author: Signature, committer: Signature, message: String
    ) {
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
    }

    /// The first paragraph on one line, as `git log --format=%s`.
    package var title: String {
        paragraphs.title.joined(separator: " ")
    }

    /// What follows the title, without blank lines around it.
    package var body: String {
        var lines = paragraphs.rest
        while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private var paragraphs: (title: [Substring], rest: ArraySlice<Substring>) {
        let lines = message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .drop { $0.allSatisfy(\.isWhitespace) }
        let title = lines.prefix { !$0.allSatisfy(\.isWhitespace) }
        return (Array(title), lines.dropFirst(title.count))
    }
}

extension CommitInfo {
    /// Reads a commit object. Lenient where history is: nil only without a tree.
    init?(id: CommitID, parsing raw: [UInt8]) {
        var tree: ObjectID?
        var parents: [CommitID] = []
        var author = Signature(name: "", email: "", seconds: 0)
        var committer = author
        var isLatin1 = false
        var rest = raw[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard !line.isEmpty else { break }
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let value = line[(space + 1)...]
            switch String(decoding: line[..<space], as: UTF8.self) {
            case "tree": tree = tree ?? ObjectID(hexDigits: value)
            case "parent": ObjectID(hexDigits: value).map { parents.append($0) }
            case "author": author = Signature(parsing: value)
            case "committer": committer = Signature(parsing: value)
            case "encoding":
                let names = ["iso-8859-1", "iso8859-1", "latin1", "latin-1"]
                isLatin1 = names.contains(String(decoding: value, as: UTF8.self).lowercased())
            default: break
            }
        }
        guard let tree else { return nil }
        let read = rest.prefix(Self.maximumMessage)
        let message =
            isLatin1
            ? String(String.UnicodeScalarView(read.map { Unicode.Scalar($0) }))
            : String(decoding: read, as: UTF8.self)
        self.init(id: id, tree: tree, parents: parents, author: author, committer: committer, message: message)
    }

    /// The commit object's bytes. A message without a final newline gets one, as `git commit` gives it.
    static func encoded(
        tree: ObjectID, parents: [CommitID], author: Signature, committer: Signature, message: String
    ) -> [UInt8] {
        var text = "tree \(tree.hex)\n"
        for parent in parents { text += "parent \(parent.hex)\n" }
        text += "author \(author.encoded)\ncommitter \(committer.encoded)\n\n"
        // git cannot hold a NUL in a message.
        let bytes = Array(text.utf8) + message.utf8.filter { $0 != 0 }
        return bytes.last == UInt8(ascii: "\n") && !message.isEmpty ? bytes : bytes + [UInt8(ascii: "\n")]
    }
}
