import HubCore

/// What `info/refs?service=git-upload-pack` answered.
///
/// - SeeAlso: gitprotocol-http "Smart Clients"; gitprotocol-v2 "Capability Advertisement".
enum GitAdvertisement: Sendable, Hashable {
    /// Capabilities only; refs are asked for by `ls-refs`.
    case v2(GitCapabilities)
    /// Versions 0 and 1: capabilities and all refs.
    case legacy(GitCapabilities, UpstreamRefs)

    /// Reads the whole body of the answer.
    /// - Throws: `GitStreamFailure`.
    init(parsing body: [UInt8]) throws(GitStreamFailure) {
        var lines = try Self.lines(of: body)
        if lines.first?.text?.hasPrefix("# service=") == true {
            lines.removeFirst()
            if lines.first == .flush { lines.removeFirst() }
        }
        guard let end = lines.firstIndex(of: .flush) else { throw .truncated }
        let texts = lines[..<end].compactMap(\.payload)
        guard texts.count == end else { throw .malformed("a delimiter where refs were expected") }
        if let first = texts.first, Self.text(first) == "version 2" {
            self = .v2(GitCapabilities(texts.dropFirst().map(Self.text)))
        } else {
            var parser = LegacyRefsParser()
            for text in texts { try parser.take(text) }
            self = .legacy(parser.capabilities, parser.refs)
        }
    }

    private static func lines(of body: [UInt8]) throws(GitStreamFailure) -> [PktLine] {
        var parser = PktLineParser()
        parser.append(body)
        var lines: [PktLine] = []
        do {
            while let line = try parser.next() {
                if let text = line.text, text.hasPrefix("ERR ") {
                    throw GitStreamFailure.remote(String(text.dropFirst(4)))
                }
                lines.append(line)
            }
        } catch let failure as PktLineParser.Failure {
            throw .malformed("\(failure)")
        } catch let failure as GitStreamFailure {
            throw failure
        } catch {
            throw .malformed("\(error)")
        }
        return lines
    }

    private static func text(_ payload: [UInt8]) -> String { PktLine.data(payload).text ?? "" }
}

extension PktLine {
    /// The bytes of a data line; nil for the special lines.
    var payload: [UInt8]? {
        if case .data(let bytes) = self { bytes } else { nil }
    }
}

/// Reads the ref lines of versions 0 and 1 one by one.
///
/// - SeeAlso: gitprotocol-pack "Reference Discovery".
struct LegacyRefsParser: Sendable {
    private(set) var capabilities = GitCapabilities()
    private var found: [Ref] = []
    private var headTarget: ObjectID?
    private var isFirst = true

    /// What was read, complete after the last line.
    var refs: UpstreamRefs { UpstreamRefs(refs: found, head: head) }

    /// Takes one payload: `version 1`, `<id> <name>[NUL <capabilities>]`, `<id> <tag>^{}` or `shallow <id>`.
    mutating func take(_ payload: [UInt8]) throws(GitStreamFailure) {
        let line = PktLine.data(payload).text ?? ""
        if isFirst, line == "version 1" || line == "version 0" { return }
        if line.hasPrefix("shallow ") { return }
        let sides = line.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false)
        if isFirst {
            isFirst = false
            let words = sides.count > 1 ? sides[1].split(separator: " ").map(String.init) : []
            capabilities = GitCapabilities(words)
        }
        let words = (sides.first ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, let id = ObjectID(String(words[0])) else {
            throw .malformed("a line that names no ref")
        }
        guard found.count < LsRefsResponse.maximumRefs else {
            throw .malformed("more than \(LsRefsResponse.maximumRefs) refs")
        }
        record(id, name: String(words[1]))
    }

    private mutating func record(_ id: ObjectID, name: String) {
        if name == "capabilities^{}" { return }
        if name == "HEAD" {
            headTarget = id
        } else if name.hasSuffix("^{}") {
            guard let last = found.indices.last, found[last].name.name == name.dropLast(3) else { return }
            found[last].peeled = id
        } else if let ref = RefName(name) {
            found.append(Ref(name: ref, target: id))
        }
    }

    /// The `symref` capability, else the branch that git itself would guess: one that names the commit of `HEAD`.
    private var head: RefName? {
        let told = capabilities.values("symref").first { $0.hasPrefix("HEAD:") }
        if let told { return RefName(String(told.dropFirst("HEAD:".count))) }
        guard let headTarget else { return nil }
        let candidates = found.filter { $0.name.isBranch && $0.target == headTarget }.map(\.name)
        return candidates.first { $0.shortName == "main" } ?? candidates.first { $0.shortName == "master" }
            ?? candidates.first
    }
}
