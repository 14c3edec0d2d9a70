import HTTPTypes
import HubCore

/// `POST /api/v1/{kind}`, and of one repository `PUT`, `DELETE` and `POST …/transfer`.
struct CSGHubRepositoryWriteRoutes: CSGHubRouteFamily {
    private static let maximumDescription = 1_000
    private static let maximumLicense = 100
    private static let maximumNickname = 255

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.route(.post, "/\(CSGHubContext.kinds)", .authenticated, handler: create),
            context.repositoryRoute(.put, "", .settings, handler: change),
            context.repositoryRoute(.delete, "", .delete, handler: remove),
            context.repositoryRoute(.post, "/transfer", .delete, handler: transfer),
        ]
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let kind = try context.kind(of: request)
        let principal = try await request.principal()
        let body = try await request.body.json(CSGHubNewRepository.self, upTo: CSGHubNewRepository.maximumBytes)
        guard let id = RepositoryID(kind: kind, namespace: body.namespace, name: body.name) else {
            throw CSGHubRefusal.invalidName("\(body.namespace)/\(body.name)")
        }
        try await context.access.authorizer.authorizeCreation(in: id.namespace, by: principal)
        let profile = try Self.profile(nickname: body.nickname, description: body.description)
        let told = try body.entries(for: kind)
        let branch = body.defaultBranch.flatMap { $0.isEmpty ? nil : $0 } ?? "main"
        let files = body.files ?? []
        guard files.count <= CSGHubNewRepository.maximumFiles else {
            throw HubError(
                .payloadTooLarge, "A new repository may hold \(CSGHubNewRepository.maximumFiles) files at most.",
                remedy: "Commit the others afterwards.")
        }
        let repository = try await context.repositories.found(
            id, visibility: body.isPrivate.map { $0 ? .private : .public }, defaultBranch: branch,
            holding: try Self.initialFiles(body), and: try files.map { (try $0.parsedPath(), try $0.bytes()) },
            profile: profile, by: principal, authorizer: context.access.authorizer)
        for entry in told {
            let space = try await context.access.authorizer.open(principal, .settings, repository.id)
            try await context.entries.set(entry.key, to: entry.value, description: nil, entry.kind, of: space)
        }
        let shown = try await context.shown(repository)
        // 200, where others say 201.
        return .enveloped { $0.csghubRepository(shown, for: request) }
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .settings)
        let body = try await request.body.json(CSGHubRepositoryChange.self, upTo: 1 << 20)
        let profile = try Self.profile(nickname: body.nickname, description: body.description)
        if let branch = body.defaultBranch, !branch.isEmpty {
            try await context.repositories.setDefaultBranch(branch, of: repository)
        }
        try await context.repositories.set(profile, of: repository)
        if let isPrivate = body.isPrivate, isPrivate != repository.isPrivate {
            try await context.repositories.setVisibility(isPrivate ? .private : .public, of: repository)
        }
        let shown = try await context.shown(repository)
        return .enveloped { $0.csghubRepository(shown, for: request) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        try await context.repositories.delete(try await context.open(request, .delete))
        return .csghubDone
    }

    private func transfer(_ request: HubRequest) async throws -> HubResponse {
        struct Body: Decodable {
            let new_namespace: String
        }
        let repository = try await context.open(request, .delete)
        let namespace = try await request.body.json(Body.self, upTo: 64 << 10).new_namespace
        guard !repository.isMirror else {
            throw HubError(.forbidden, "\(repository.id) is a read-only mirror.", remedy: "Copy it instead.")
        }
        guard let id = RepositoryID(kind: repository.id.kind, namespace: namespace, name: repository.id.name) else {
            throw CSGHubRefusal.invalidName(namespace)
        }
        try await context.repositories.rename(repository, to: id, authorizer: context.access.authorizer)
        return .csghubDone
    }

    private static func profile(nickname: String?, description: String?) throws -> RepositoryProfile {
        guard (nickname ?? "").utf8.count <= maximumNickname, (description ?? "").count < maximumDescription else {
            throw HubError(
                .badRequest,
                "A nickname has \(maximumNickname) bytes and a description \(maximumDescription - 1) characters at most."
            )
        }
        return RepositoryProfile(nickname: nickname, description: description)
    }

    /// What the maker said goes into the card where it is a plain word, as licences and frameworks are.
    private static func initialFiles(_ body: CSGHubNewRepository) throws -> InitialFiles {
        var files = InitialFiles()
        for (key, value) in [("license", body.license), ("sdk", body.sdk)] {
            guard let value, !value.isEmpty else { continue }
            let isWord = value.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                    || [0x2D, 0x2E, 0x2B, 0x5F].contains(byte)
            }
            guard isWord, value.utf8.count < maximumLicense else {
                throw HubError(.badRequest, "'\(value.prefix(100))' is not a valid \(key).")
            }
            files.card.append((key, value))
        }
        return files
    }
}
