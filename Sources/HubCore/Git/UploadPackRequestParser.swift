/// Reads an `UploadPackRequest` from a body as it arrives. Pure: feed bytes, then ask for the request.
package struct UploadPackRequestParser: Sendable {
    private enum Section: Sendable {
        /// v2: the command and capabilities. v0: wants and boundaries.
        case head
        /// v2: arguments. v0: haves.
        case arguments
        case ended
    }

    private let limits: UploadPackRequest.Limits
    private var lines = PktLineParser()
    private var lineCount = 0
    private var section = Section.head
    private var sawCommand = false
    private var result: UploadPackRequest

    package init(version: GitProtocolVersion, limits: UploadPackRequest.Limits = .init()) {
        self.limits = limits
        result = UploadPackRequest(version: version, command: .fetch)
    }

    /// Reads a whole body.
    /// - Throws: `bad-request`, `payload-too-large`.
    package static func parse(
        _ body: some Collection<UInt8>, version: GitProtocolVersion, limits: UploadPackRequest.Limits = .init()
    ) throws -> UploadPackRequest {
        var parser = UploadPackRequestParser(version: version, limits: limits)
        try parser.append(body)
        return try parser.finish()
    }

    /// Whether all that decides about the history to serve has been read: wants, depth and filter.
    package var isHeadComplete: Bool {
        switch section {
        case .ended: true
        case .arguments: result.version != .v2
        case .head: false
        }
    }

    /// What has been read so far.
    package var request: UploadPackRequest { result }

    /// Takes more of the body.
    /// - Throws: `bad-request` when it is no upload-pack request, `payload-too-large` above the limits.
    package mutating func append(_ bytes: some Collection<UInt8>) throws {
        lines.append(bytes)
        do {
            while let line = try lines.next() { try take(line) }
        } catch let failure as PktLineParser.Failure {
            throw HubError(.badRequest, "The git request is malformed: \(failure).")
        }
    }

    /// The request, once the body has ended.
    /// - Throws: `bad-request` when it ended inside a line or named no command.
    package func finish() throws -> UploadPackRequest {
        guard lines.pendingByteCount == 0 else {
            throw HubError(.badRequest, "The git request ends inside a line.")
        }
        // A lone flush is the client's probe, or "nothing to fetch": no wants, no command.
        guard result.version != .v2 || sawCommand || lineCount <= 1 else {
            throw HubError(.badRequest, "The git request names no command.")
        }
        return result
    }

    private mutating func take(_ line: PktLine) throws {
        lineCount += 1
        guard lineCount <= limits.lines else {
            throw HubError(.payloadTooLarge, "The git request has more than \(limits.lines) lines.")
        }
        switch line {
        case .flush:
            // v0 sends rounds of haves, each ended by a flush; v2 has one message to a request.
            section = result.version == .v2 ? .ended : .arguments
        case .delimiter:
            guard result.version == .v2, section == .head else { throw unexpected("a delimiter") }
            section = .arguments
        case .responseEnd: throw unexpected("a response end")
        case .data:
            guard section != .ended else { throw unexpected("a line behind the end") }
            let text = line.text ?? ""
            if result.version == .v2, section == .head {
                try takeCapability(text)
            } else {
                try takeArgument(text)
            }
        }
    }

    private mutating func takeCapability(_ text: String) throws {
        guard text.hasPrefix("command=") else {
            try add(text, to: \.capabilities)
            return
        }
        guard !sawCommand else { throw unexpected("a second command") }
        sawCommand = true
        result.command = UploadPackRequest.Command(String(text.dropFirst("command=".count)))
    }

    private mutating func takeArgument(_ text: String) throws {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let key = parts.first else { throw unexpected("an empty line") }
        let value = parts.count > 1 ? parts[1] : ""
        switch key {
        case "want" where result.version != .v2 && result.wants.isEmpty:
            // The first want of versions 0 and 1 carries the capabilities.
            let words = value.split(separator: " ")
            result.wants = [try objectID(words.first ?? "", in: text)]
            result.capabilities = words.dropFirst().map(String.init)
            try check(result.capabilities.count)
        case "want": try add(try objectID(value, in: text), to: \.wants)
        case "want-ref": try add(String(value), to: \.wantedRefs)
        case "have":
            _ = try objectID(value, in: text)
            result.haveCount += 1
        case "shallow": try add(try objectID(value, in: text), to: \.shallow)
        case "deepen": result.depth = try depth(value, in: text)
        case "deepen-since":
            guard let seconds = Int64(value), seconds >= 0 else { throw unexpected(text) }
            result.deepenSince = seconds
        case "deepen-not": try add(String(value), to: \.deepenNot)
        case "deepen-relative": result.isDeepenRelative = true
        case "filter": result.filter = String(value)
        case "done": result.isDone = true
        case "ref-prefix": try add(String(value), to: \.refPrefixes)
        // thin-pack, no-progress, ofs-delta, peel, symrefs, oid ... decide nothing here: git itself judges them.
        default: break
        }
    }

    private func depth(_ value: Substring, in text: String) throws -> Int {
        guard let depth = Int(value), depth > 0 else { throw unexpected(text) }
        return min(depth, UploadPackRequest.infiniteDepth)
    }

    private func objectID(_ value: Substring, in text: String) throws -> ObjectID {
        guard let id = ObjectID(String(value)) else { throw unexpected(text) }
        return id
    }

    private mutating func add<Item>(
        _ item: Item, to list: WritableKeyPath<UploadPackRequest, [Item]>
    ) throws {
        result[keyPath: list].append(item)
        try check(result[keyPath: list].count)
    }

    private func check(_ count: Int) throws {
        guard count <= limits.items else {
            throw HubError(.payloadTooLarge, "The git request has more than \(limits.items) items of one kind.")
        }
    }

    private func unexpected(_ what: String) -> HubError {
        HubError(.badRequest, "The git request has an unexpected line: \(what.prefix(120)).")
    }
}
