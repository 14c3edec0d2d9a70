import HTTPTypes
import HubCore
import MirrorGateway
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `/api/gateway/v1/bundles`: air-gap bundles that went out and came in, and those that are to.
struct BundleRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 1 << 20
    private static let pageSize = 100

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base + "/bundles", PlainErrorRendering())
        return [
            Route(.get, base, .hub(.auditRead), errors: errors, handler: list),
            Route(.get, base + "/{bundle}", .hub(.auditRead), errors: errors, handler: show),
            Route(.get, base + "/{bundle}/content", .hub(.mirrorSync), errors: errors, handler: content),
            Route(.post, base, .hub(.mirrorSync), errors: errors, handler: export),
            Route(.post, base + ":import", .hub(.mirrorSync), errors: errors, handler: take),
        ]
    }

    // MARK: History

    private func list(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .auditRead)
        if let text = request.query.first("digest") {
            guard let digest = BlobID(text) else { throw HubError(.badRequest, "'digest' is not a SHA-256 in hex.") }
            return Self.answer(try await gateway.hub.bundles.carrying(digest: digest))
        }
        let before = try request.query.first("cursor").map { text in
            guard let number = Int64(text, radix: 16), number > 0 else {
                throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
            }
            return number
        }
        let (bundles, next) = try await gateway.hub.bundles.list(before: before, limit: Self.pageSize)
        let response = Self.answer(bundles)
        return next.map { response.linkingNext(request, "cursor", String($0, radix: 16)) } ?? response
    }

    private static func answer(_ bundles: [BundleRecord]) -> HubResponse {
        .json { json in
            json.object { json in
                json.array("bundles") { json in
                    for bundle in bundles { json.object { write(bundle, to: &$0) } }
                }
            }
        }
    }

    private static func write(_ bundle: BundleRecord, to json: inout JSONWriter) {
        json.member("bundleId", bundle.bundleID)
        json.member("direction", bundle.direction.rawValue)
        json.member("seq", bundle.sequence)
        json.member("key", bundle.keyID)
        json.member("recipient", bundle.recipient)
        json.member("createdAt", JSONDate.text(milliseconds: bundle.madeAt))
        json.member("handledAt", JSONDate.text(milliseconds: bundle.handledAt))
        json.member("handledBy", bundle.handledBy)
        json.member("bytes", bundle.bytes)
        json.member("state", bundle.state.rawValue)
        // A name is enough to find it again; where data lies is nobody's business.
        json.member("name", bundle.file.map { String($0.split(separator: "/").last ?? "") })
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .auditRead)
        let id = try request.parameter("bundle")
        var found: [(BundleRecord, [BundleRecord.Repository])] = []
        for direction in BundleRecord.Direction.allCases where BlobID(id) != nil {
            guard let bundle = try await gateway.hub.bundles.bundle(id, direction) else { continue }
            found.append((bundle, try await gateway.hub.bundles.repositories(of: id, direction)))
        }
        guard !found.isEmpty else { throw BundleDesk.absent }
        let bundles = found
        return .json { json in
            json.object { json in
                json.array("bundles") { json in
                    for (bundle, repositories) in bundles {
                        json.object { json in
                            Self.write(bundle, to: &json)
                            json.array("repositories") { json in
                                for one in repositories {
                                    json.object { json in
                                        json.member("repository", one.id.description)
                                        json.member("commit", one.commit)
                                        json.member("outcome", one.outcome)
                                        json.member("reason", one.reason)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Files

    private func content(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let part = try request.query.integer("part", in: 0...100_000)
        let id = try request.parameter("bundle")
        return try await desk.content(of: id, part: part, for: principal, request)
    }

    // MARK: Work

    private struct Order: Decodable {
        let mirrors: [String]?
        /// As in `model:acme/demo` or `model:acme/demo@main`.
        let repos: [String]?
        let since: String?
        let recipient: String?
        let expiresInSeconds: Int64?
        let partSize: Int64?
    }

    private func export(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let body = try await request.body.json(Order.self, upTo: Self.bodyLimit)
        let (mirrors, repos) = (body.mirrors ?? [], body.repos ?? [])
        let (name, job) = try await desk.export(
            BundleDesk.Wish(
                mirrors: mirrors, repos: repos, since: body.since, recipient: body.recipient,
                expiresInSeconds: body.expiresInSeconds, partSize: body.partSize), by: principal)
        return .json(status: 202) { json in
            json.object { json in
                json.member("name", name)
                json.key("job")
                JobJSON.write(job, rate: nil, to: &json)
            }
        }
    }

    private struct Taking: Decodable {
        /// Names of files in the server's folder of bundles.
        let files: [String]
        let dryRun: Bool?
        let allowOlder: Bool?
        let allowRewind: Bool?
    }

    private func take(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let body = try await request.body.json(Taking.self, upTo: Self.bodyLimit)
        let order = BundleImportOrder(
            files: body.files, allowOlder: body.allowOlder ?? false, allowRewind: body.allowRewind ?? false)
        _ = try gateway.bundlePaths(order.files)
        if body.dryRun ?? false {
            let report = try await gateway.importBundle(order, isDryRun: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var response = HubResponse(body: .bytes(Array(try encoder.encode(report))))
            response.headers[.contentType] = "application/json"
            return response
        }
        let job = try await desk.take(order, by: principal)
        return .json(status: 202) { json in
            json.object { json in
                json.key("job")
                JobJSON.write(job, rate: nil, to: &json)
            }
        }
    }

    private var desk: BundleDesk { BundleDesk(gateway: gateway) }

    private func operate(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }
}
