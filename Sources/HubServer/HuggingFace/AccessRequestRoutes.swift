import HTTPTypes
import HubCore
import NIOCore

/// Gated repositories: asking for access, and answering those who ask (wire/huggingface.md §6).
struct AccessRequestRoutes: RouteFamily {
    private static let pageSize = 500
    private static let bodyLimit = 256 << 10

    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        let requests = "/api/\(kind.plural)/{namespace}/{name}/user-access-request"
        let form = "/{namespace}/{name}/ask-access"
        let lists = AccessRequest.Status.allCases.map { status in
            Route(.get, "\(requests)/\(status.rawValue)", .repository(.gateApprove), errors: access.errors) {
                try await list(status, $0, kind)
            }
        }
        return lists + [
            Route(.post, "\(requests)/handle", .repository(.gateApprove), errors: access.errors) {
                try await handle($0, kind)
            },
            Route(.post, "\(requests)/grant", .repository(.gateApprove), errors: access.errors) {
                try await grant($0, kind)
            },
            Route(.post, kind.downloadPrefix + form, .repository(.discuss), errors: access.errors) {
                try await ask($0, kind)
            },
        ]
    }

    private func list(_ status: AccessRequest.Status, _ request: HubRequest, _ kind: RepositoryKind) async throws
        -> HubResponse
    {
        let repository = try await access.open(request, kind, .gateApprove)
        let before = try request.query.first("cursor").map { text in
            guard let id = Int64(text, radix: 16) else { throw HubError(.badRequest, "'\(text)' is no cursor.") }
            return id
        }
        let found = try await access.store.accessRequests.list(
            status, of: repository, before: before, limit: Self.pageSize + 1)
        let page = found.prefix(Self.pageSize)
        let response = HubResponse.json { json in
            json.array { json in
                for item in page { Self.write(item, to: &json) }
            }
        }
        guard found.count > page.count, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", String(last.id, radix: 16))
    }

    private static func write(_ item: AccessRequest, to json: inout JSONWriter) {
        json.object { json in
            json.member("requestId", String(item.id, radix: 16))
            json.object("user") { json in
                json.account(item.user)
                // Nobody has told this hub an address; clients require the member.
                json.member("email", nil)
            }
            json.member("status", item.status.rawValue)
            json.member("timestamp", JSONDate.text(milliseconds: item.requestedAt))
            json.member("fields", item.fields)
            if let reason = item.reason { json.member("rejectionReason", reason) }
            if let name = item.decidedBy { json.member("grantedBy", name) }
        }
    }

    private struct Answer: Decodable {
        let user: String?
        let requestId: String?
        let status: String
        let rejectionReason: String?
    }

    private func handle(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .gateApprove)
        let answer = try await request.body.json(Answer.self, upTo: Self.bodyLimit)
        guard let status = AccessRequest.Status(rawValue: answer.status) else {
            throw HubError(.badRequest, "'\(answer.status)' is none of pending, accepted, rejected.")
        }
        let reference: AccessRequestStore.Reference
        switch (answer.user, answer.requestId) {
        case (let user?, nil): reference = .user(user)
        case (nil, let id?):
            guard let number = Int64(id, radix: 16) else { throw HubError(.notFound, "There is no such request.") }
            reference = .id(number)
        default: throw HubError(.badRequest, "Name the request by one of user and requestId.")
        }
        guard answer.rejectionReason?.utf8.count ?? 0 <= 2_000 else {
            throw HubError(.badRequest, "The reason is longer than 2000 bytes.")
        }
        try await access.store.accessRequests.handle(
            reference, of: repository, to: status, reason: answer.rejectionReason)
        return .json { $0.object { $0.member("success", true) } }
    }

    private struct Grant: Decodable {
        let user: String
    }

    private func grant(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .gateApprove)
        let grant = try await request.body.json(Grant.self, upTo: Self.bodyLimit)
        try await access.store.accessRequests.grant(grant.user, to: repository)
        return .json { $0.object { $0.member("success", true) } }
    }

    /// The form of the page: JSON, fields of a form, or nothing.
    private func ask(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .discuss)
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        var fields: [JSONValue.Member] = []
        if request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
            let form = try QueryParameters(parsing: String(buffer: body))
            fields = form.pairs.map { JSONValue.Member(key: $0.name, value: .string($0.value)) }
        } else if body.readableBytes > 0 {
            guard case .object(let members)? = JSONText.decode(String(buffer: body)) else {
                throw HubError(.badRequest, "The form is neither a JSON object nor form fields.")
            }
            fields = members
        }
        let status = try await access.store.accessRequests.ask(repository, fields: .object(fields))
        return .json { $0.object { $0.member("status", status.rawValue) } }
    }
}
