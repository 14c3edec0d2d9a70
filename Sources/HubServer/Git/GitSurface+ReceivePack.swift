import HTTPTypes
import HubCore
import NIOCore

extension GitSurface {
    /// Bytes of a push that was refused which are read over, so that the client comes to read why.
    private static let readOver: Int64 = 4 << 30

    /// `GET info/refs?service=git-receive-pack`.
    func advertiseToPush(_ request: HubRequest, _ id: RepositoryID) async throws -> HubResponse {
        let repository = try await authorizer.open(try await request.principal(), .contentWrite, id)
        let refs = try await repositories.refsToPush(to: repository)
        var response = HubResponse(body: .bytes(ReceivePackAdvertisement.encoded(refs)))
        response.headers[.contentType] = "application/x-git-receive-pack-advertisement"
        response.headers[.cacheControl] = "no-cache, max-age=0, must-revalidate"
        return response
    }

    /// `POST git-receive-pack`.
    func receivePack(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        let repository = try await authorizer.open(try await request.principal(), .contentWrite, id)
        try check(request, isFor: "receive-pack")
        var parser = ReceivePackRequestParser()
        for try await piece in request.body {
            try parser.append(piece.readableBytesView)
            if parser.isComplete { break }
        }
        try parser.finish()
        let push = parser.request
        // Before it sends a large push, a client asks with a request of nothing whether it is let in.
        var response = HubResponse(body: .none)
        if !push.commands.isEmpty {
            let pack = PackBody(head: parser.takePack(), rest: request.body)
            response.body = .stream(length: nil) { [repositories] writer in
                let report = try await Self.keepingAlive(writer, push) {
                    let report = try await Self.report(push, pack, to: repository, repositories)
                    try await pack.readOver(upTo: Self.readOver)
                    return report
                }
                try await writer.send(ByteBuffer(bytes: report.encoded(for: push)))
            }
        }
        response.headers[.contentType] = "application/x-git-receive-pack-result"
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    /// Does the push. What nothing could be taken of is a report too: git shows it to people.
    private static func report(
        _ push: ReceivePackRequest, _ pack: PackBody, to repository: Repository, _ repositories: RepositoryService
    ) async throws -> ReceivePackReport {
        do {
            // The answer is made after the route's handler returned: what that one's task said is gone.
            return try await WriteSurface.$current.withValue(.git) {
                try await repositories.push(push, pack: pack, to: repository)
            }
        } catch let error as HubError {
            return ReceivePackReport(refusing: push, because: error)
        }
    }

    /// Sends empty messages while work takes its time, so that no proxy gives up, and ends the work when the client is
    /// gone.
    private static func keepingAlive(
        _ writer: BodyWriter, _ push: ReceivePackRequest,
        _ work: @escaping @Sendable () async throws -> ReceivePackReport
    ) async throws -> ReceivePackReport {
        guard push.usesSideBand else { return try await work() }
        return try await withThrowingTaskGroup(of: ReceivePackReport?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(5))
                    try await writer.send(ByteBuffer(bytes: ReceivePackReport.keepAlive))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

/// The pack of a push: what came along with the commands, then the rest of the request.
private struct PackBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let head: [UInt8]
    let rest: RequestBody

    struct AsyncIterator: AsyncIteratorProtocol {
        var head: [UInt8]
        var rest: RequestBody.AsyncIterator

        mutating func next() async throws -> [UInt8]? {
            guard head.isEmpty else {
                defer { head = [] }
                return head
            }
            return try await rest.next().map { Array($0.readableBytesView) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(head: head, rest: rest.makeAsyncIterator()) }

    /// Reads what nobody has read.
    func readOver(upTo limit: Int64) async throws {
        var left = limit
        for try await piece in rest {
            left -= Int64(piece.readableBytes)
            if left < 0 { return }
        }
    }
}
