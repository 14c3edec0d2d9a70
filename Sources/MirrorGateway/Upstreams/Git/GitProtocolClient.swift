import HubCore

/// Speaks smart HTTP to the repositories of one upstream: the thin part around the codecs beside it.
struct GitProtocolClient: Sendable {
    let transport: any UpstreamTransport
    let connection: UpstreamConnection
    let failures: UpstreamFailures
    let memory: GitServiceMemory
    /// Whether the upstream is of a kind that is known to speak version 2 at the address of each repository: then a pack is
    /// asked for at once, which saves the first file of an unknown repository one question.
    var presumesV2 = false

    /// Bytes of an advertisement or of a list of refs that are read at most.
    static let maximumListing = 64 << 20
    /// How long a server may count objects before its first byte; CSGHub's own clients came to wait as long.
    static let fetchPatience = Duration.seconds(240)

    /// What `info/refs` came to: an answer of any status, and what it advertises when it is 200.
    struct Discovery: Sendable {
        var answer: UpstreamAnswer
        var advertisement: GitAdvertisement?
        var service: GitService?
    }

    /// Asks for the advertisement through the given connection.
    /// - Returns: without advertisement when the status is not 200.
    func discover(
        _ repository: EgressURL, named name: String, via connection: UpstreamConnection
    ) async throws -> Discovery {
        let question = "the refs of \(name)"
        let url = repository.appending(path: "info/refs").appending(query: [("service", "git-upload-pack")])
        let request = EgressRequest(
            url: url, headers: Self.headers, followRedirects: 3, maximumBody: Int64(Self.maximumListing), purpose: .git)
        let response = try await transport.send(request, via: connection)
        guard response.status == 200 else {
            return Discovery(answer: await response.failure(), advertisement: nil, service: nil)
        }
        let answer = try await response.answer(upTo: Self.maximumListing)
        guard answer.mediaType == "application/x-git-upload-pack-advertisement" else {
            throw failures.unreadable(answer, question: question, expected: "smart git refs")
        }
        let base = try base(of: answer, askedAt: repository, question: question)
        let advertisement: GitAdvertisement
        do { advertisement = try GitAdvertisement(parsing: answer.body) } catch {
            throw describe(error, question: question)
        }
        let service =
            switch advertisement {
            case .v2(let capabilities): GitService(base: base, capabilities: capabilities, isV2: true)
            case .legacy(let capabilities, _): GitService(base: base, capabilities: capabilities, isV2: false)
            }
        guard service.capabilities.objectFormat == "sha1" else {
            throw HubError(
                .notSupported,
                "Upstream \(failures.upstream) keeps \(name) with \(failures.quoted(service.capabilities.objectFormat)) object names."
            )
        }
        return Discovery(answer: answer, advertisement: advertisement, service: service)
    }

    /// The refs of a repository.
    func references(at repository: EgressURL, named name: String, prefixes: [String]) async throws -> UpstreamRefs {
        let question = "the refs of \(name)"
        if let service = memory[repository], service.isV2 {
            let response = try await post(
                listing(prefixes, service), to: service, patience: connection.firstByteTimeout)
            if response.status == 200 { return try await listed(response, prefixes: prefixes, question: question) }
            try await forget(repository, after: response, question: question)
        }
        let (service, advertisement) = try await service(of: repository, named: name)
        if case .legacy(_, let refs) = advertisement { return Self.filtered(refs, by: prefixes) }
        let response = try await post(listing(prefixes, service), to: service, patience: connection.firstByteTimeout)
        guard response.status == 200 else {
            memory[repository] = nil
            throw failures.error(await response.failure(), asking: question)
        }
        return try await listed(response, prefixes: prefixes, question: question)
    }

    /// Fetches a pack.
    func pack(at repository: EgressURL, named name: String, fetching request: FetchRequest) async throws -> UpstreamPack
    {
        let question = "a pack of \(name)"
        guard !request.wants.isEmpty else {
            throw HubError(.badRequest, "A fetch from upstream \(failures.upstream) wants nothing of \(name).")
        }
        if let service = memory[repository] {
            let response = try await fetch(request, from: service, question: question)
            if response.status == 200 { return try await opened(response, request, service, question) }
            try await forget(repository, after: response, question: question)
        } else if let pack = try await presumedPack(at: repository, request, question: question) {
            return pack
        }
        let (service, _) = try await service(of: repository, named: name)
        let response = try await fetch(request, from: service, question: question)
        guard response.status == 200 else {
            memory[repository] = nil
            throw failures.error(await response.failure(), asking: question)
        }
        return try await opened(response, request, service, question)
    }

    /// What every server of version 2 takes: nothing is said that one could not know.
    private static let presumed = GitCapabilities(["fetch=shallow"])

    /// Asks for a pack without a discovery. It is not remembered as one: what else the server can do is not known by it.
    ///
    /// - Returns: nil where only a discovery tells what is the matter: after a rename, a refusal, or with a server that does
    ///   not speak version 2 after all. Of such a one it is not presumed again for a while.
    private func presumedPack(at repository: EgressURL, _ request: FetchRequest, question: String) async throws
        -> UpstreamPack?
    {
        guard presumesV2, memory.mayPresume else { return nil }
        let service = GitService(base: repository, capabilities: Self.presumed, isV2: true)
        let response = try await fetch(request, from: service, question: question)
        switch response.status {
        case 200:
            do {
                return try await opened(response, request, service, question)
            } catch let error as HubError where error.code == .upstreamCorrupt || error.code == .upstreamUnavailable {
                memory.doubt()
                return nil
            }
        case 300...399, 401, 403, 404, 405: return nil
        case 429, 503: throw failures.error(await response.failure(), asking: question)
        default:
            memory.doubt()
            return nil
        }
    }

    // MARK: - Discovery

    private static var headers: [(String, String)] {
        [
            ("Git-Protocol", "version=2"), ("User-Agent", GitRequestHead.agent),
            ("Accept", "application/x-git-upload-pack-advertisement, */*"), ("Cache-Control", "no-cache"),
        ]
    }

    private func service(of repository: EgressURL, named name: String) async throws -> (GitService, GitAdvertisement) {
        let found = try await discover(repository, named: name, via: connection)
        guard let service = found.service, let advertisement = found.advertisement else {
            throw failures.error(found.answer, asking: "the refs of \(name)")
        }
        memory[repository] = service
        return (service, advertisement)
    }

    /// Drops what was remembered of a repository that did not answer as it did before.
    ///
    /// - Throws: what the answer means, unless asking anew where the repository is may cure it: a redirect or a refusal is
    ///   such an answer, a quota or a failing server is not.
    private func forget(_ repository: EgressURL, after response: EgressResponse, question: String) async throws {
        memory[repository] = nil
        guard (300...399).contains(response.status) || [401, 403, 404, 405].contains(response.status) else {
            throw failures.error(await response.failure(), asking: question)
        }
    }

    /// Where the repository is after redirects: its later requests go there, so it must be the host that was configured.
    private func base(of answer: UpstreamAnswer, askedAt repository: EgressURL, question: String) throws -> EgressURL {
        let final = answer.finalURL
        guard final.origin == repository.origin else {
            throw HubError(
                .upstreamRefused,
                "Upstream \(failures.upstream) redirects \(question) to another host, \(final.origin).",
                remedy: "If that is its right address, put it into its mirror file as gitUrl.")
        }
        let suffix = "/info/refs"
        guard final.path.hasSuffix(suffix) else {
            throw failures.corrupt(question, "a redirect to something that is no repository")
        }
        let path = String(final.path.dropLast(suffix.count))
        return EgressURL(scheme: final.scheme, host: final.host, port: final.port, path: path, query: nil)
    }

    // MARK: - Requests

    private func listing(_ prefixes: [String], _ service: GitService) -> [UInt8] {
        LsRefsRequest(prefixes: prefixes).encoded(for: service.capabilities)
    }

    private func fetch(_ request: FetchRequest, from service: GitService, question: String) async throws
        -> EgressResponse
    {
        let body: [UInt8]
        do {
            body =
                try service.isV2
                ? request.encodedV2(for: service.capabilities) : request.encodedLegacy(for: service.capabilities)
        } catch {
            throw describe(error, question: question)
        }
        return try await post(body, to: service, patience: Self.fetchPatience)
    }

    private func post(_ body: [UInt8], to service: GitService, patience: Duration) async throws -> EgressResponse {
        var connection = connection
        connection.firstByteTimeout = max(connection.firstByteTimeout, patience)
        var headers = [
            ("Content-Type", "application/x-git-upload-pack-request"),
            ("Accept", "application/x-git-upload-pack-result"),
            ("User-Agent", GitRequestHead.agent),
        ]
        if service.isV2 { headers.append(("Git-Protocol", "version=2")) }
        let request = EgressRequest(
            method: "POST", url: service.base.appending(path: "git-upload-pack"), headers: headers, body: body,
            followRedirects: 0, purpose: .git, retryable: true, deadline: connection.firstByteTimeout + .seconds(30))
        return try await transport.send(request, via: connection)
    }

    // MARK: - Answers

    private func listed(_ response: EgressResponse, prefixes: [String], question: String) async throws -> UpstreamRefs {
        try await checkType(response, question: question)
        var parser = LsRefsResponse()
        var left = Self.maximumListing
        for try await chunk in response.body {
            left -= chunk.count
            guard left >= 0 else { throw failures.corrupt(question, "more than \(Self.maximumListing) bytes") }
            do { try parser.append(chunk) } catch { throw describe(error, question: question) }
        }
        do { return Self.filtered(try parser.finish(), by: prefixes) } catch {
            throw describe(error, question: question)
        }
    }

    private func opened(
        _ response: EgressResponse, _ request: FetchRequest, _ service: GitService, _ question: String
    ) async throws -> UpstreamPack {
        try await checkType(response, question: question)
        let parser: FetchResponseParser =
            service.isV2
            ? .v2() : .legacy(expectsBoundaries: request.expectsBoundaries(from: service.capabilities))
        let reader = PackReader(body: response.body, parser: parser) { describe($0, question: question) }
        let (shallow, unshallow) = try await reader.boundaries()
        return UpstreamPack(
            shallow: shallow, unshallow: unshallow, chunks: UpstreamPackChunks { try await reader.next() })
    }

    private func checkType(_ response: EgressResponse, question: String) async throws {
        let type = UpstreamAnswer(status: 200, headers: response.headers, finalURL: response.finalURL, body: [])
            .mediaType
        guard type == "application/x-git-upload-pack-result" else {
            throw failures.unreadable(await response.failure(), question: question, expected: "a git result")
        }
    }

    private func describe(_ failure: GitStreamFailure, question: String) -> HubError {
        switch failure {
        case .remote(let text): return remote(text, question: question)
        case .truncated: return failures.corrupt(question, "a stream that broke off before its end")
        case .malformed(let what): return failures.corrupt(question, what)
        case .unsupported(let what):
            return HubError(.notSupported, "Upstream \(failures.upstream) cannot give \(question): \(what).")
        }
    }

    /// What a git server says for people, told apart by the words of git's own upload-pack.
    private func remote(_ text: String, question: String) -> HubError {
        let said = "Upstream \(failures.upstream) gave up on \(question): \u{201C}\(failures.quoted(text))\u{201D}."
        let lowered = text.lowercased()
        if lowered.contains("not our ref") || lowered.contains("no such remote ref") {
            return HubError(
                .revisionNotFound, said, remedy: "It may have been rewritten there; ask for its refs again.")
        }
        if lowered.contains("not found") || lowered.contains("not exist") {
            return HubError(.repositoryNotFound, said)
        }
        if lowered.contains("denied") || lowered.contains("forbidden") || lowered.contains("unauthorized") {
            return HubError(.upstreamRefused, said, remedy: "Check the credentials in its mirror file.")
        }
        return HubError(.upstreamUnavailable, said, remedy: "Try again later.")
    }

    /// Servers may list more than was asked for, and those before version 2 always do.
    private static func filtered(_ refs: UpstreamRefs, by prefixes: [String]) -> UpstreamRefs {
        guard !prefixes.isEmpty else { return refs }
        var refs = refs
        refs.refs.removeAll { ref in !prefixes.contains { ref.name.name.hasPrefix($0) } }
        return refs
    }
}
