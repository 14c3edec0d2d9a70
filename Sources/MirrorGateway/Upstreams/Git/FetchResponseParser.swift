import HubCore

/// Reads the answer to a fetch as it arrives: boundaries first, then the pack out of its side-band.
///
/// A value without I/O: append bytes, take pack bytes, ask ``phase``.
/// - SeeAlso: gitprotocol-v2 "fetch"; gitprotocol-pack "Packfile Data".
struct FetchResponseParser: Sendable {
    /// Where the answer is.
    enum Phase: Sendable, Hashable {
        /// A v2 section is about to be named.
        case sectionName
        /// Within a v2 section whose lines matter only when it is `shallow-info`.
        case section(String)
        /// Versions 0 and 1: `shallow` and `unshallow` lines up to a flush.
        case boundaries
        /// Versions 0 and 1: `ACK` and `NAK` lines up to the first line of the side-band.
        case acknowledgements
        /// The pack is coming.
        case pack
        /// The server said that it is whole.
        case complete
    }

    private(set) var phase: Phase
    private(set) var shallow: [ObjectID] = []
    private(set) var unshallow: [ObjectID] = []
    private var parser = PktLineParser()
    /// Boundaries of one answer: one for each want is usual.
    static let maximumBoundaries = 200_000

    /// For an answer of version 2.
    static func v2() -> FetchResponseParser { FetchResponseParser(phase: .sectionName) }

    /// For an answer of versions 0 and 1.
    static func legacy(expectsBoundaries: Bool) -> FetchResponseParser {
        FetchResponseParser(phase: expectsBoundaries ? .boundaries : .acknowledgements)
    }

    private init(phase: Phase) { self.phase = phase }

    /// Whether boundaries are all read, so that the pack can be handed on.
    var hasBoundaries: Bool { phase == .pack || phase == .complete }

    /// Takes bytes of the answer.
    /// - Returns: the bytes of the pack that were in them, often none.
    mutating func append(_ bytes: [UInt8]) throws(GitStreamFailure) -> [UInt8] {
        parser.append(bytes)
        var pack: [UInt8] = []
        if phase == .pack { pack.reserveCapacity(bytes.count) }
        while phase != .complete, let line = try parser.nextGitLine() {
            try take(line, into: &pack)
        }
        return pack
    }

    /// To be called at the end of the stream.
    /// - Throws: `.truncated` when the server did not say that it was done.
    func finish() throws(GitStreamFailure) {
        guard phase == .complete else { throw .truncated }
    }

    private mutating func take(_ line: PktLine, into pack: inout [UInt8]) throws(GitStreamFailure) {
        switch phase {
        case .sectionName: try takeSectionName(line)
        case .section(let name): try takeSectionLine(line, of: name)
        case .boundaries:
            if line == .flush { phase = .acknowledgements } else { try takeBoundary(line) }
        case .acknowledgements: try takeAcknowledgement(line, into: &pack)
        case .pack: try takePack(line, into: &pack)
        case .complete: break
        }
    }

    private mutating func takeSectionName(_ line: PktLine) throws(GitStreamFailure) {
        guard let name = line.text else { throw .malformed("no pack") }
        switch name {
        case "packfile": phase = .pack
        case "acknowledgments", "shallow-info", "wanted-refs": phase = .section(name)
        default: throw .malformed("a section of an unknown kind")
        }
    }

    private mutating func takeSectionLine(_ line: PktLine, of name: String) throws(GitStreamFailure) {
        switch line {
        case .delimiter: phase = .sectionName
        case .flush, .responseEnd: throw .malformed("no pack")
        case .data: if name == "shallow-info" { try takeBoundary(line) }
        }
    }

    private mutating func takeBoundary(_ line: PktLine) throws(GitStreamFailure) {
        let words = (line.text ?? "").split(separator: " ")
        guard words.count == 2, let id = ObjectID(String(words[1])) else {
            throw .malformed("a boundary that names no commit")
        }
        guard shallow.count + unshallow.count < Self.maximumBoundaries else {
            throw .malformed("more than \(Self.maximumBoundaries) boundaries")
        }
        switch words[0] {
        case "shallow": shallow.append(id)
        case "unshallow": unshallow.append(id)
        default: throw .malformed("a boundary that names no commit")
        }
    }

    /// Text lines begin with a letter, side-band lines with a byte below 4.
    private mutating func takeAcknowledgement(_ line: PktLine, into pack: inout [UInt8]) throws(GitStreamFailure) {
        guard case .data(let payload) = line, let first = payload.first else { throw .malformed("no pack") }
        if first <= 3 {
            phase = .pack
            try takePack(line, into: &pack)
        } else if payload.starts(with: "shallow ".utf8) || payload.starts(with: "unshallow ".utf8) {
            try takeBoundary(line)
        } else if !payload.starts(with: "NAK".utf8), !payload.starts(with: "ACK ".utf8) {
            throw .malformed("neither an acknowledgement nor a pack")
        }
    }

    private mutating func takePack(_ line: PktLine, into pack: inout [UInt8]) throws(GitStreamFailure) {
        switch line {
        case .flush, .responseEnd: phase = .complete
        case .delimiter: throw .malformed("a delimiter within the pack")
        case .data(let payload):
            // A server's keep-alive is a side-band line without anything in it.
            switch SideBand(payload) {
            case .pack(let bytes): pack += bytes
            case .progress: break
            case .error(let text): throw .remote(text)
            case nil: throw .malformed("a side-band that does not exist")
            }
        }
    }
}
