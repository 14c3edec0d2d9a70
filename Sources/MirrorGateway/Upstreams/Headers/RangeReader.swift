import HubCore

/// Reads pieces of one repository's files, within an allowance of bytes for all of them.
actor RangeReader {
    private let upstream: any Upstream
    private let transport: any UpstreamTransport
    private let repository: UpstreamPath
    private let commit: CommitID
    private(set) var bytesRead: Int64 = 0
    private let allowance: Int64
    private var requests = 0

    /// Requests for one repository.
    private static let maximumRequests = 96

    init(
        _ upstream: any Upstream, transport: any UpstreamTransport, repository: UpstreamPath, commit: CommitID,
        allowance: Int64
    ) {
        self.upstream = upstream
        self.transport = transport
        self.repository = repository
        self.commit = commit
        self.allowance = allowance
    }

    /// Bytes that may still be read.
    var left: Int64 { requests < Self.maximumRequests ? max(0, allowance - bytesRead) : 0 }

    /// Bytes of a file from an offset on: as many as were asked for, or what there is up to its end.
    ///
    /// - Throws: why no way to the file gave them; `.payloadTooLarge` when the allowance is spent.
    func read(_ file: RemoteFile, from offset: Int64, count: Int64) async throws -> [UInt8] {
        let end = min(offset + count, file.size)
        guard offset >= 0, offset < end else { return [] }
        guard end - offset <= left else {
            throw HubError(
                .payloadTooLarge, "More of \(file.path) than the \(allowance) bytes that a look at headers may cost.")
        }
        var failure: HubError?
        for way in try await ways(to: file) {
            do {
                return try await read(offset..<end, of: file, by: way)
            } catch let error as HubError {
                failure = error
            }
        }
        throw failure
            ?? HubError(.blobNotFound, "Upstream \(upstream.name) has no way to read parts of \(file.path).")
    }

    private func ways(to file: RemoteFile) async throws -> [BlobRequest] {
        if let digest = file.digest {
            return try await upstream.blobRequests(
                for: LFSPointer(oid: digest, size: file.size), of: repository, commit: commit, path: file.path
            ).filter(\.supportsRange)
        }
        guard let parts = (upstream as? any ComposedUpstream)?.parts,
            let url = parts.addresses.resolve(file.path, at: commit, of: repository)
        else { return [] }
        return [
            BlobRequest(way: "resolve", supportsRange: true, connection: parts.access.api) { _ in
                EgressRequest(url: url, followRedirects: 5, purpose: .blob)
            }
        ]
    }

    private func read(_ range: Range<Int64>, of file: RemoteFile, by way: BlobRequest) async throws -> [UInt8] {
        requests += 1
        var request = try await way.make()
        request.headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        request.expectedBytes = Int64(range.count)
        let response = try await transport.send(request, via: way.connection)
        let question = "a part of \(file.path)"
        let isWhole = response.status == 200
        guard isWhole || response.status == 206 else {
            throw HubError(
                response.status == 404
                    ? .blobNotFound : response.status < 500 ? .upstreamRefused : .upstreamUnavailable,
                "Upstream \(upstream.name) answered \(response.status) to \(question).")
        }
        // A server that sends all from the beginning is left as soon as there is enough; one that would have to send
        // gigabytes before what is wanted is not listened to.
        let isLarge = file.size > Self.wholeLimit
        let isWasted =
            range.lowerBound > 0 && isLarge || file.size > range.upperBound && (range.lowerBound > 0 || isLarge)
        if isWhole, isWasted {
            throw HubError(.notSupported, "Upstream \(upstream.name) does not give parts of files.")
        }
        if !isWhole, let told = response.headers["content-range"],
            !told.hasPrefix("bytes \(range.lowerBound)-")
        {
            throw HubError(.upstreamCorrupt, "Upstream \(upstream.name) answered \(question) with another part.")
        }
        let wanted = Int(isWhole ? range.upperBound : Int64(range.count))
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            bytesRead += Int64(chunk.count)
            bytes += chunk.prefix(wanted - bytes.count)
            if bytes.count >= wanted { break }
        }
        guard bytes.count == wanted else {
            throw HubError(
                .upstreamUnavailable, "Upstream \(upstream.name) ended after \(bytes.count) bytes of \(question).")
        }
        return isWhole ? Array(bytes[Int(range.lowerBound)...]) : bytes
    }

    /// Largest file that is read from its beginning when the server gives no ranges.
    private static let wholeLimit: Int64 = 256 << 10
}
