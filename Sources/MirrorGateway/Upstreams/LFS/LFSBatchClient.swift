import HubCore

/// Asks one upstream's LFS servers for download links.
struct LFSBatchClient: Sendable {
    let transport: any UpstreamTransport
    let access: UpstreamAccess
    let failures: UpstreamFailures
    let clock: WallClock
    /// Asks without credentials first, and with them only when that is refused: how CSGHub's own clients do it.
    let anonymousFirst: Bool
    /// What ``prepare(_:at:named:)`` asked for.
    let links = LFSLinkMemory()

    /// Bytes of an answer that are read at most.
    static let maximumBody = 4 << 20
    /// Some servers turn away what does not look like the client they know.
    static let agent = "git-lfs/3.5.1 (Weir; linux amd64; go 1.21.7)"

    /// Asks for at most ``LFSBatchRequest/limit`` objects.
    /// - Throws: `HubError` when the batch as a whole failed.
    func ask(for pointers: [LFSPointer], at server: EgressURL, named name: String) async throws -> LFSBatchResponse {
        guard anonymousFirst, access.isSignedIn else {
            return try await ask(for: pointers, at: server, named: name, via: access.lfs)
        }
        do {
            let open = try await ask(for: pointers, at: server, named: name, via: access.anonymous)
            if !open.isRefused { return open }
        } catch let error as HubError where error.code == .upstreamRefused || error.code == .repositoryNotFound {
            // A private repository looks like this to a stranger.
        }
        return try await ask(for: pointers, at: server, named: name, via: access.lfs)
    }

    /// One object's link.
    /// - Throws: `HubError`: `.blobNotFound` when the upstream does not have it, else as the upstream says.
    func link(to pointer: LFSPointer, at server: EgressURL, named name: String) async throws -> LFSLink {
        let response = try await ask(for: [pointer], at: server, named: name)
        let question = "the object \(pointer.oid) of \(name)"
        switch response.outcomes[pointer.oid] {
        case .link(let link):
            if let size = link.size, size > 0, size != pointer.size {
                throw failures.corrupt(question, "\(size) bytes where the pointer says \(pointer.size)")
            }
            return link
        case .failed(let code, let message):
            throw objectError(code: code, message: message, question: question)
        case .unusable(let what):
            throw failures.corrupt(question, what)
        case nil:
            throw HubError(.blobNotFound, "Upstream \(failures.upstream) says nothing about \(question).")
        }
    }

    /// Asks for the links of any number of objects that are about to be fetched one by one.
    func prepare(_ pointers: [LFSPointer], at server: EgressURL, named name: String) async throws {
        try await eachLink(to: pointers, at: server, named: name) { pointer, link, asked in
            links.keep(link, to: pointer.oid, at: server, asked: asked)
        }
    }

    /// Those of any number of objects that the upstream has links for.
    func granted(_ pointers: [LFSPointer], at server: EgressURL, named name: String) async throws -> Set<BlobID> {
        var granted: Set<BlobID> = []
        try await eachLink(to: pointers, at: server, named: name) { pointer, _, _ in granted.insert(pointer.oid) }
        return granted
    }

    /// Asks in batches, and tells of each object that there is a link for which does not lie about its size.
    private func eachLink(
        to pointers: [LFSPointer], at server: EgressURL, named name: String,
        _ tell: (_ pointer: LFSPointer, _ link: LFSLink, _ asked: Int64) -> Void
    ) async throws {
        var rest = pointers[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(LFSBatchRequest.limit))
            rest = rest.dropFirst(batch.count)
            let asked = clock.now()
            let outcomes = try await ask(for: batch, at: server, named: name).outcomes
            for pointer in batch {
                guard case .link(let link)? = outcomes[pointer.oid] else { continue }
                if link.size ?? 0 <= 0 || link.size == pointer.size { tell(pointer, link, asked) }
            }
        }
    }

    private func ask(
        for pointers: [LFSPointer], at server: EgressURL, named name: String, via connection: UpstreamConnection
    ) async throws -> LFSBatchResponse {
        let question = "the LFS objects of \(name)"
        let request = EgressRequest(
            method: "POST", url: server.appending(path: "objects/batch"),
            headers: [
                ("Accept", LFSBatchRequest.mediaType), ("Content-Type", LFSBatchRequest.mediaType),
                ("User-Agent", Self.agent),
            ],
            body: try LFSBatchRequest(pointers: pointers).encoded(), followRedirects: 0,
            maximumBody: Int64(Self.maximumBody), purpose: .api, retryable: true)
        let response = try await transport.send(request, via: connection)
        guard response.status == 200 else {
            throw failures.error(await response.failure(), asking: question)
        }
        let answer = try await response.answer(upTo: Self.maximumBody)
        guard let document = answer.json else {
            throw failures.unreadable(answer, question: question, expected: "LFS JSON")
        }
        do { return try LFSBatchResponse(document, from: answer.finalURL, now: clock.now()) } catch {
            throw failures.corrupt(question, failures.quoted(error.reason))
        }
    }

    private func objectError(code: Int, message: String, question: String) -> HubError {
        let said = message.isEmpty ? "" : ": \u{201C}\(failures.quoted(message))\u{201D}"
        switch code {
        case 404, 410: return HubError(.blobNotFound, "Upstream \(failures.upstream) does not have \(question)\(said).")
        case 401, 403:
            return HubError(
                .upstreamRefused, "Upstream \(failures.upstream) refused \(question) (\(code))\(said).",
                remedy: "Check the credentials of this upstream in its mirror file.")
        case 429, 500...599:
            return HubError(
                .upstreamUnavailable, "Upstream \(failures.upstream) answered \(code) to \(question)\(said).",
                remedy: "Try again later.")
        default:
            return HubError(.upstreamRefused, "Upstream \(failures.upstream) answered \(code) to \(question)\(said).")
        }
    }
}

extension LFSBatchResponse {
    /// Whether every object was refused in a way that credentials may cure.
    fileprivate var isRefused: Bool {
        !outcomes.isEmpty
            && outcomes.values.allSatisfy { outcome in
                if case .failed(let code, _) = outcome { [401, 403, 404].contains(code) } else { false }
            }
    }
}
