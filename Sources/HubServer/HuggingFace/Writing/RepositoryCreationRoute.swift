import HTTPTypes
import HubCore

/// `POST /api/repos/create`: an empty repository with its first commit.
struct RepositoryCreationRoute: Sendable {
    let access: RepositoryAccess
    let entries: SpaceEntries

    private struct Body: Decodable {
        var sdk: String?
        var license: String?
        var secrets: [Entry]?
        var variables: [Entry]?
        var hardware: String?
    }

    /// What the application in a space is told.
    private struct Entry: Decodable {
        let key: String
        let value: String
        let description: String?
    }

    private static let maximumBytes = 1 << 20

    var routes: [Route] {
        [Route(.post, "/api/repos/create", .authenticated, errors: access.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let document = try await request.body.json(JSONValue.self, upTo: Self.maximumBytes)
        let id = try document.decoded(RepositoryFields.self).id(for: principal)
        let visibility = try document.decoded(VisibilityFields.self).asked()
        let body = try document.decoded(Body.self)
        var initial = InitialFiles()
        if let license = body.license { initial.card.append(("license", try Self.word(license, "license"))) }
        if id.kind == .space, let sdk = body.sdk { initial.card.append(("sdk", try Self.word(sdk, "sdk"))) }
        let told = id.kind == .space ? [(SpaceEntry.Kind.secret, body.secrets), (.variable, body.variables)] : []
        for entry in told.flatMap({ $0.1 ?? [] }) {
            try SpaceEntries.check(entry.key, Secret(entry.value), entry.description)
        }
        let repository: Repository
        do {
            repository = try await access.repositories.create(
                id, visibility: visibility, holding: initial, by: principal, authorizer: access.authorizer)
        } catch let error as HubError where error.code == .conflict {
            return try await conflict(error, id, principal, request)
        }
        for (kind, list) in told {
            for entry in list ?? [] {
                let space = try await access.authorizer.open(principal, .settings, repository.id)
                try await entries.set(
                    entry.key, to: Secret(entry.value), description: entry.description, kind, of: space)
            }
        }
        var response = HubResponse.json { json in
            json.object { json in
                json.member("url", request.page(of: repository.id))
                json.member("name", repository.id.path)
                json.member("id", String(repository.key, radix: 16))
            }
        }
        if body.hardware != nil {
            response.headers["X-HF-Warning"] = "weir spaces; Spaces are not run here: the hardware was not kept."
        }
        return response
    }

    /// Clients that find an existing repository good enough read its address from this answer.
    private func conflict(
        _ error: HubError, _ id: RepositoryID, _ principal: Principal, _ request: HubRequest
    ) async throws -> HubResponse {
        guard let present = try? await access.authorizer.open(principal, .metaRead, id) else {
            // The name is free, and yet not to be had: another status, for there is nothing to be content with.
            throw HubError(.forbidden, error.message, remedy: error.remedy)
        }
        return Self.conflict(error, present.id, request, access.errors)
    }

    /// The answer for a name that is taken: an error with the address of what has it.
    static func conflict(
        _ error: HubError, _ present: RepositoryID, _ request: HubRequest, _ errors: any ErrorRendering
    ) -> HubResponse {
        let text = "You already created this \(present.kind.rawValue) repo: \(present.path)"
        var response = HubResponse.json(status: 409) { json in
            json.object { json in
                json.member("error", text)
                json.member("url", request.page(of: present))
            }
        }
        let rendered = errors.render(HubError(.conflict, text), for: request)
        for name in ["X-Error-Code", "X-Error-Message"] { response.headers[name] = rendered.headers[name] }
        return response
    }

    /// A word that goes into the card as it is.
    private static func word(_ text: String, _ what: String) throws -> String {
        let isPlain =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "+"):
                    true
                default: false
                }
            }
        guard isPlain, text.utf8.first != UInt8(ascii: "-") else {
            throw HubError(.badRequest, "'\(text)' is no \(what).")
        }
        return text
    }
}

extension JSONValue {
    /// This document as a type of its own: several readers each take what is theirs from one body.
    /// - Throws: `.badRequest` when the types differ.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONText.decode(type, from: self)
        } catch {
            throw HubError(.badRequest, "The JSON body lacks a member or has one of a wrong type.")
        }
    }
}
