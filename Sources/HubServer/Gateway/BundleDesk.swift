import Foundation
import HubCore
import MirrorGateway

/// Has bundles written and taken in for whoever operates the hub, whatever asks: REST or pages.
struct BundleDesk: Sendable {
    let gateway: Gateway

    /// What is to be written.
    struct Wish: Sendable {
        var mirrors: [String]
        /// As in `model:acme/demo` or `model:acme/demo@main`.
        var repos: [String]
        var since: String?
        var recipient: String?
        var expiresInSeconds: Int64?
        var partSize: Int64?
    }

    /// The longest a bundle may be taken, in seconds.
    private static let longest: Int64 = 100 * 366 * 86_400

    static var absent: HubError { HubError(.notFound, "There is no such bundle.") }

    // MARK: Out

    /// The repositories that somebody would get: those that he names, and those of mirrors; he may read each.
    /// - Throws: `.badRequest` for nothing; what opening a repository throws.
    func chosen(_ wish: Wish, by principal: Principal) async throws -> [Repository] {
        guard !wish.mirrors.isEmpty || !wish.repos.isEmpty else {
            throw HubError(.badRequest, "Nothing is chosen.", remedy: "Name 'mirrors' or 'repos'.")
        }
        // He gets nothing that he may not read: private repositories of mirrors are asked for as those he names.
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        var ids = try wish.repos.map { try BundleSelection.Named(parsing: $0).id }
        for mirror in wish.mirrors { ids += try await gateway.hub.bundles.repositories(ofMirror: mirror) }
        var chosen: [Repository] = []
        var seen: Set<RepositoryID> = []
        for id in ids where seen.insert(id).inserted {
            let repository = try await stored.open(principal, .contentRead, id)
            try gateway.repositories.requireWholeReading(repository, for: "a bundle")
            chosen.append(repository)
        }
        return chosen
    }

    /// Has a bundle written.
    /// - Returns: the name of its file, and the job.
    func export(_ wish: Wish, by principal: Principal) async throws -> (name: String, job: Job) {
        if let seconds = wish.expiresInSeconds, !(1...Self.longest).contains(seconds) {
            throw HubError(.badRequest, "A bundle is taken for 1 to \(Self.longest) seconds.")
        }
        if let since = wish.since, BlobID(since) == nil {
            throw HubError(.badRequest, "'since' is the id of an earlier bundle.")
        }
        _ = try await chosen(wish, by: principal)
        let name = "\(UUID().uuidString.lowercased()).hubpack"
        let order = BundleExportOrder(
            mirrors: wish.mirrors, repos: wish.repos, since: wish.since, recipient: wish.recipient,
            lifetime: wish.expiresInSeconds.map { $0 * 1_000 }, partSize: wish.partSize, name: name,
            requestedBy: principal.label)
        return (name, try await enqueue("bundle-export", subject: "bundle:\(name)", order, principal))
    }

    /// The file of a bundle that somebody had written. What he may read he may have in a bundle; another operator may
    /// not be allowed to read it.
    func content(of id: String, part: Int?, for principal: Principal, _ request: HubRequest) async throws
        -> HubResponse
    {
        guard let digest = BlobID(id), let bundle = try await gateway.hub.bundles.bundle(id, .outgoing),
            bundle.handledBy == principal.label
        else { throw Self.absent }
        let file = try await gateway.bundleFile(bundle, part: part)
        return .blob(
            BlobReader(id: digest, file: file, size: file.size, following: nil), request,
            etag: part.map { "\(id)-\($0)" } ?? id)
    }

    // MARK: In

    /// Has bundles of the server's folder taken in.
    func take(_ order: BundleImportOrder, by principal: Principal) async throws -> Job {
        try await enqueue(
            "bundle-import", subject: "bundle:\(order.files[0])", order, principal,
            key: "bundle-import:\(order.files.sorted().joined(separator: "/").prefix(400))")
    }

    /// Names and sizes of bundles that lie in the server's folder, by name.
    func ready() async throws -> [(name: String, bytes: Int64)] {
        guard let folder = gateway.bundleSettings.folder else { return [] }
        return try await gateway.hub.blobs.blocking {
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            return names.filter { $0.hasSuffix(".hubpack") && !$0.hasPrefix(".") }.prefix(500).map { name in
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                return (name: name, bytes: (attributes?[.size] as? NSNumber)?.int64Value ?? 0)
            }
        }
    }

    private func enqueue(
        _ kind: String, subject: String, _ order: some Encodable, _ principal: Principal, key: String? = nil
    ) async throws -> Job {
        let data = try JSONEncoder().encode(order)
        guard let payload = JSONText.decode(String(decoding: data, as: UTF8.self)) else {
            throw HubError(.internalError, "The job cannot be written.")
        }
        return try await gateway.jobs.enqueue(
            JobDraft(
                kind: kind, subject: String(subject.prefix(300)), uniqueKey: key,
                account: principal.user.map { "user:\($0.name)" } ?? "mirror:*", requestedBy: principal.user?.name,
                payload: payload))
    }
}
