import HTTPTypes
import HubCore

// - SeeAlso: git-lfs `docs/api/locking.md`
extension LFSSurface {
    func lockRoutes(_ base: String, _ errors: any ErrorRendering) -> [Route] {
        let locks = base + "/locks"
        return [
            Route(.get, locks, .repository(.metaRead), errors: errors, handler: listLocks),
            Route(.post, locks, .repository(.contentWrite), errors: errors, handler: createLock),
            Route(.post, locks + "/verify", .repository(.contentWrite), errors: errors, handler: verifyLocks),
            Route(.post, locks + "/{id}/unlock", .repository(.contentWrite), errors: errors, handler: removeLock),
        ]
    }

    private func listLocks(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await openLocks(.metaRead, for: request)
        var filter = FileLockFilter(path: request.query.first("path").flatMap { $0.isEmpty ? nil : $0 })
        if let id = request.query.first("id"), !id.isEmpty { filter.id = Int64(id) ?? 0 }
        let page = try await locks.list(
            filter, after: try Self.cursor(request.query.first("cursor")),
            limit: request.query.first("limit").flatMap { Int($0) } ?? LockService.maximumPage, in: repository)
        return Self.answer { json in
            json.array("locks") { json in
                for lock in page.locks where repository.rules.denialOfReading(lock.path) == nil {
                    Self.write(lock, to: &json)
                }
            }
            if let next = page.next { json.member("next_cursor", String(next)) }
        }
    }

    private struct Creation: Decodable {
        let path: String
        let ref: LFSReference?
    }

    private func createLock(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await openLocks(.contentWrite, for: request)
        let creation = try await request.body.json(Creation.self, upTo: 64 << 10)
        guard let path = GitPath(creation.path) else {
            throw HubError(.unprocessable, "'\(creation.path)' is not a path of a file.")
        }
        switch try await locks.create(path, ref: creation.ref?.name, in: repository) {
        case .created(let lock):
            return Self.answer(status: 201) { json in
                json.key("lock")
                Self.write(lock, to: &json)
            }
        case .taken(let lock):
            return Self.answer(status: 409) { json in
                json.key("lock")
                Self.write(lock, to: &json)
                json.member("message", "already created lock")
                json.member("request_id", request.id.text)
            }
        }
    }

    private struct Verification: Decodable {
        let cursor: String?
        let limit: Int?
    }

    /// Asked before each push: whose locks are there?
    private func verifyLocks(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await openLocks(.contentWrite, for: request)
        let isBare = request.body.isEmpty
        let asked = isBare ? nil : try await request.body.json(Verification.self, upTo: 64 << 10)
        let page = try await locks.list(
            after: try Self.cursor(asked?.cursor),
            limit: asked?.limit.flatMap { $0 > 0 ? $0 : nil } ?? LockService.maximumPage,
            in: repository)
        let user = repository.principal.user?.id
        return Self.answer { json in
            for (name, isOurs) in [("ours", true), ("theirs", false)] {
                json.array(name) { json in
                    for lock in page.locks
                    where (lock.user == user) == isOurs && repository.rules.denialOfReading(lock.path) == nil {
                        Self.write(lock, to: &json)
                    }
                }
            }
            if let next = page.next { json.member("next_cursor", String(next)) }
        }
    }

    private struct Removal: Decodable {
        let force: Bool?
    }

    private func removeLock(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await openLocks(.contentWrite, for: request)
        let isBare = request.body.isEmpty
        let removal = isBare ? nil : try await request.body.json(Removal.self, upTo: 64 << 10)
        // What is no number is the id of no lock.
        let id = Int64(try request.parameter("id")) ?? 0
        let lock = try await locks.remove(
            id, byForce: removal?.force ?? false, in: repository, authorizer: authorizer)
        return Self.answer { json in
            json.key("lock")
            Self.write(lock, to: &json)
        }
    }

    /// Mirrors have no locks, and say so to whoever may see them: 501 tells git-lfs to go on without.
    private func openLocks(_ verb: Verb, for request: HubRequest) async throws -> Repository {
        let id = try await RepositoryLocator.id(of: request)
        let principal = try await request.principal()
        let seen = try await authorizer.open(principal, .metaRead, id)
        guard !seen.isMirror else {
            throw HubError(.notSupported, "A mirror has no locks.", remedy: "Lock at its upstream.")
        }
        return verb == .metaRead ? seen : try await authorizer.open(principal, verb, id)
    }

    private static func cursor(_ text: String?) throws -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        guard let id = Int64(text) else { throw HubError(.badRequest, "The cursor is not one of ours.") }
        return id
    }

    private static func answer(status: Int = 200, _ members: (inout JSONWriter) -> Void) -> HubResponse {
        HubResponse.json(status: status) { $0.object(members) }.with("Content-Type", LFSErrorRendering.mediaType)
    }

    private static func write(_ lock: FileLock, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(lock.id))
            json.member("path", lock.path)
            json.member("locked_at", JSONDate.text(milliseconds: lock.lockedAt))
            json.object("owner") { $0.member("name", lock.owner) }
        }
    }
}

/// The `ref` of a request: an object with a name, empty, or null.
struct LFSReference: Decodable {
    let name: String?
}
