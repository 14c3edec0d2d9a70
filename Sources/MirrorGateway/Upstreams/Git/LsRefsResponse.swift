import HubCore

/// Reads the answer to `ls-refs` as it arrives.
///
/// - SeeAlso: gitprotocol-v2 "ls-refs", "unborn".
struct LsRefsResponse: Sendable {
    private var parser = PktLineParser()
    private var found: [Ref] = []
    private var head: RefName?
    private var isComplete = false
    /// Refs of one repository that are taken: all of them are written in one transaction.
    static let maximumRefs = 200_000

    mutating func append(_ bytes: [UInt8]) throws(GitStreamFailure) {
        parser.append(bytes)
        while !isComplete, let line = try parser.nextGitLine() {
            switch line {
            case .flush: isComplete = true
            case .data: try take(line.text ?? "")
            case .delimiter, .responseEnd: throw .malformed("a delimiter where refs were expected")
            }
        }
    }

    /// - Throws: `.truncated` when the list did not come to its end.
    func finish() throws(GitStreamFailure) -> UpstreamRefs {
        guard isComplete else { throw .truncated }
        return UpstreamRefs(refs: found, head: head)
    }

    /// `<id or "unborn"> <name>[ symref-target:<name>][ peeled:<id>]`
    private mutating func take(_ line: String) throws(GitStreamFailure) {
        let words = line.split(separator: " ")
        guard words.count >= 2 else { throw .malformed("a line that names no ref") }
        let attributes = words.dropFirst(2)
        if words[1] == "HEAD" {
            head = Self.attribute("symref-target:", in: attributes).flatMap { RefName($0) }
        }
        if words[0] == "unborn" { return }
        guard let id = ObjectID(String(words[0])) else { throw .malformed("a line that names no ref") }
        guard let name = RefName(String(words[1])) else { return }
        guard found.count < Self.maximumRefs else { throw .malformed("more than \(Self.maximumRefs) refs") }
        let peeled = Self.attribute("peeled:", in: attributes).flatMap { ObjectID($0) }
        found.append(Ref(name: name, target: id, peeled: peeled))
    }

    private static func attribute(_ key: String, in words: ArraySlice<Substring>) -> String? {
        words.first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
    }
}

extension PktLineParser {
    /// The next line, where `ERR` ends everything.
    mutating func nextGitLine() throws(GitStreamFailure) -> PktLine? {
        let line: PktLine?
        do { line = try next() } catch { throw .malformed("\(error)") }
        if case .data(let payload)? = line, payload.starts(with: "ERR ".utf8) {
            throw .remote(String((line?.text ?? "").dropFirst(4)))
        }
        return line
    }
}
