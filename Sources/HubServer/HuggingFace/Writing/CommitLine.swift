import HubCore

/// One line of a commit's body (wire/huggingface.md §5).
enum CommitLine: Sendable, Equatable {
    case header(CommitHeader)
    case file(path: String, content: [UInt8])
    case lfsFile(path: String, oid: BlobID, size: Int64?)
    case deleted(path: String)
    case copied(path: String, from: String, at: String?)
}

/// What a commit says of itself.
struct CommitHeader: Sendable, Equatable, Decodable {
    var summary: String
    var description: String?
    var parentCommit: String?
}

extension CommitLine {
    /// A text of this many bytes is taken out of the line before the rest is read as JSON.
    private static let longText = 1_024

    private struct Key: Decodable {
        var key: String
        var value: JSONValue
    }

    private struct Fields: Decodable {
        var path: String
        var content: String?
        var encoding: String?
        var algo: String?
        var oid: String?
        var size: Int64?
        var srcPath: String?
        var srcRevision: String?
    }

    /// Reads a line.
    ///
    /// The content of a file is most of its line, so it is cut out and decoded by itself: once, into the bytes that are
    /// stored.
    /// - Throws: `.badRequest`.
    init(parsing line: [UInt8]) throws {
        var rest = line[...]
        let content = Self.longContent(in: line)
        if let content { rest = line[..<content.lowerBound] + line[content.upperBound...] }
        guard let document = JSONText.decode(String(decoding: rest, as: UTF8.self)),
            let entry = try? document.decoded(Key.self)
        else { throw HubError(.badRequest, "A line of the commit is not an object with a key and a value.") }
        if entry.key == "header" {
            // A description may be long: the whole line is read again.
            guard let whole = JSONText.decode(String(decoding: line, as: UTF8.self)), let value = whole["value"] else {
                throw HubError(.badRequest, "The commit's header is not valid JSON.")
            }
            self = .header(try value.decoded(CommitHeader.self))
            return
        }
        let fields = try entry.value.decoded(Fields.self)
        switch entry.key {
        case "file": self = .file(path: fields.path, content: try Self.content(fields, content.map { line[$0] }))
        case "lfsFile":
            guard fields.algo ?? "sha256" == "sha256", let oid = fields.oid.flatMap({ BlobID($0) }) else {
                throw HubError(.badRequest, "The LFS file '\(fields.path)' is not named by a SHA-256.")
            }
            self = .lfsFile(path: fields.path, oid: oid, size: fields.size)
        case "deletedFile", "deletedFolder", "deletedEntry": self = .deleted(path: fields.path)
        case "copyFile":
            guard let source = fields.srcPath else {
                throw HubError(.badRequest, "The copy to '\(fields.path)' names no 'srcPath'.")
            }
            self = .copied(path: fields.path, from: source, at: fields.srcRevision)
        default: throw HubError(.badRequest, "A commit has no lines of the key '\(entry.key)'.")
        }
    }

    private static func content(_ fields: Fields, _ cut: ArraySlice<UInt8>?) throws -> [UInt8] {
        let encoding = fields.encoding ?? "utf-8"
        switch encoding {
        case "base64":
            guard let bytes = Base64.decode(cut ?? Array((fields.content ?? "").utf8)[...]) else {
                throw HubError(.badRequest, "The content of '\(fields.path)' is not valid Base64.")
            }
            return bytes
        case "utf-8":
            guard let cut else { return Array((fields.content ?? "").utf8) }
            let quote = UInt8(ascii: "\"")
            let text = JSONText.decode(String(decoding: [quote] + cut + [quote], as: UTF8.self))
            guard case .string(let content)? = text else {
                throw HubError(.badRequest, "The content of '\(fields.path)' is not valid JSON.")
            }
            return Array(content.utf8)
        default: throw HubError(.badRequest, "The encoding '\(encoding)' is not supported.", remedy: "Use base64.")
        }
    }

    /// Where the long content of a file stands, without its quotes; nil when there is none.
    private static func longContent(in line: [UInt8]) -> Range<Int>? {
        let name = Array("content".utf8)
        var before: Range<Int>?
        var start: Int?
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if byte == UInt8(ascii: "\"") {
                if let begun = start {
                    let text = begun..<index
                    if text.count >= longText, let before, line[before].elementsEqual(name) { return text }
                    before = text
                    start = nil
                } else {
                    start = index + 1
                }
            }
            index += 1
        }
        return nil
    }
}
