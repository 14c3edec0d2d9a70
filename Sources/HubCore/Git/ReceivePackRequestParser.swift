/// Reads a `ReceivePackRequest` from a body as it arrives, however it is cut. Pure: feed bytes until `isComplete`, then
/// take the request and what has been read of the pack.
package struct ReceivePackRequestParser: Sendable {
    private let limits: ReceivePackRequest.Limits
    private var lines = PktLineParser()
    private var sawCapabilities = false

    /// Whether the list of commands has ended; what follows is the pack.
    package private(set) var isComplete = false
    /// What has been read so far.
    package private(set) var request = ReceivePackRequest()

    package init(limits: ReceivePackRequest.Limits = .init()) {
        self.limits = limits
    }

    /// Takes more of the body. Nothing may be appended once the list is complete.
    /// - Throws: `bad-request` when this is no list of commands, `payload-too-large` above the limits,
    ///   `not-supported` for what we did not offer.
    package mutating func append(_ bytes: some Collection<UInt8>) throws {
        guard !isComplete else { throw HubError(.internalError, "The list of commands has ended already.") }
        lines.append(bytes)
        do {
            while !isComplete, let line = try lines.next() { try take(line) }
        } catch let failure as PktLineParser.Failure {
            throw HubError(.badRequest, "The git request is malformed: \(failure).")
        }
    }

    /// The bytes of the pack that came along with the last of the commands.
    package mutating func takePack() -> [UInt8] { lines.takeRemainder() }

    /// Says that the body has ended.
    /// - Throws: `bad-request` when it ended before the list did. A body of nothing is a list of nothing.
    package func finish() throws {
        guard isComplete || (lines.pendingByteCount == 0 && request == ReceivePackRequest()) else {
            throw HubError(.badRequest, "The git request ends inside its list of commands.")
        }
    }

    private mutating func take(_ line: PktLine) throws {
        switch line {
        case .flush: isComplete = true
        case .delimiter, .responseEnd: throw unexpected("a delimiter")
        case .data(let payload):
            var text = payload[...]
            if text.last == UInt8(ascii: "\n") { text.removeLast() }
            if let boundary = Self.shallow(text) {
                request.shallow.append(boundary)
                guard request.shallow.count <= limits.shallow else { throw tooMany("shallow commits", limits.shallow) }
            } else {
                try takeCommand(text)
            }
        }
    }

    /// `<old> SP <new> SP <name>`, in the first line followed by NUL and the capabilities.
    private mutating func takeCommand(_ line: ArraySlice<UInt8>) throws {
        var command = line
        if !sawCapabilities {
            sawCapabilities = true
            if let end = line.firstIndex(of: 0) {
                command = line[..<end]
                let words = line[(end + 1)...].split(separator: UInt8(ascii: " "))
                request.capabilities = Set(words.map { String(decoding: $0, as: UTF8.self) })
                try checkCapabilities()
            }
        }
        let fields = command.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let old = ObjectID(hexDigits: fields[0]), let new = ObjectID(hexDigits: fields[1]),
            !fields[2].contains(0), let name = String(validating: fields[2], as: UTF8.self)
        else { throw unexpected(String(decoding: line.prefix(120), as: UTF8.self)) }
        request.commands.append(
            ReceivePackRequest.Command(old: old == .zero ? nil : old, new: new == .zero ? nil : new, name: name))
        guard request.commands.count <= limits.commands else { throw tooMany("ref updates", limits.commands) }
    }

    private func checkCapabilities() throws {
        if request.capabilities.contains("push-options") {
            throw HubError(.notSupported, "Push options are not supported.", remedy: "Push without '-o'.")
        }
        for word in request.capabilities where word.hasPrefix("object-format=") && word != "object-format=sha1" {
            throw HubError(.notSupported, "Repositories here are of the format sha1, not \(word.prefix(64)).")
        }
    }

    private static func shallow(_ line: ArraySlice<UInt8>) -> ObjectID? {
        line.starts(with: "shallow ".utf8) ? ObjectID(hexDigits: line.dropFirst("shallow ".utf8.count)) : nil
    }

    private func unexpected(_ what: String) -> HubError {
        HubError(.badRequest, "The git request has an unexpected line: \(what.debugDescription).")
    }

    private func tooMany(_ what: String, _ limit: Int) -> HubError {
        HubError(.payloadTooLarge, "The push has more than \(limit) \(what).", remedy: "Push them in several steps.")
    }
}
