import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// A branch of a repository, opened for somebody who wants to change it or to propose a change.
struct ChangeScene: Sendable {
    let web: WebContext
    /// Opened to write to it, or to take part for who may only propose.
    let repository: Repository
    let ref: RefName
    /// The branch as it is; nil where the commit to come is the first one.
    let snapshot: Snapshot?
    let place: ChangePlace
    /// Whether changes may go to the branch itself.
    let mayCommit: Bool
    /// Whether they may be proposed.
    let mayPropose: Bool

    var repositories: RepositoryService { web.gateway.repositories }
    var discussions: Discussions { Discussions(repositories: repositories, authorizer: web.gateway.authorizer) }

    /// Opens the repository and the branch that the matched path names.
    /// - Throws: what the authorizer decides; `.revisionNotFound` for what no commit can go to.
    static func open(_ request: HubRequest, _ kind: RepositoryKind, _ web: WebContext) async throws -> ChangeScene {
        let principal = try await request.principal()
        let revision = try request.parameter("revision")
        let id = try RepositoryScene.id(request, kind, principal)
        let authorizer = web.gateway.authorizer
        var mayWrite = true
        let repository: Repository
        do {
            repository = try await authorizer.open(principal, .contentWrite, id)
        } catch let error as HubError where error.code == .forbidden {
            // Who proposes a change must be able to read what it is based on.
            repository = try await authorizer.open(principal, .discuss, id)
            _ = try await authorizer.open(principal, .contentRead, id)
            mayWrite = false
        }
        let repositories = web.gateway.repositories
        let ref = try await repositories.target(named: revision, of: repository)
        try await repositories.requireTarget(ref, of: repository)
        let snapshot: Snapshot?
        do {
            snapshot = try await repositories.snapshot(of: repository, at: .ref(ref))
        } catch let error as HubError where error.code == .revisionNotFound {
            snapshot = nil
        }
        let isFrozen = try await repositories.protections(of: repository).level(of: ref) == .frozen
        let areOff =
            try await web.gateway.hub.store.setting("discussionsDisabled", of: repository.key) == .boolean(true)
        // His own pull request is checked when it moves.
        let isProposal = ref.name.hasPrefix("refs/pr/")
        let scene = try await RepositoryScene(repository, principal, web)
        return ChangeScene(
            web: web, repository: repository, ref: ref, snapshot: snapshot,
            place: ChangePlace(header: scene.header, revision: revision),
            mayCommit: (mayWrite || isProposal) && !isFrozen,
            mayPropose: ref.isBranch && snapshot != nil && !areOff)
    }

    /// The fields of a change as they were sent; an empty form for none.
    func fields(_ form: WebForm?, fallback: String) -> ChangeFields {
        ChangeFields(
            summary: form?.text("summary") ?? "", description: form?.text("description") ?? "",
            target: form?.first("target").flatMap(ChangeFields.Target.init(rawValue:)),
            branch: ref.isBranch ? ref.shortName : ref.name, mayCommit: mayCommit, mayPropose: mayPropose,
            fallback: fallback)
    }

    /// The repository as the target of a change needs it.
    func opened(for target: ChangeFields.Target) async throws -> Repository {
        guard target == .pull else {
            guard mayCommit else { throw HubError(.forbidden, "You may not commit to \(ref.shortName).") }
            return repository
        }
        guard mayPropose else { throw HubError(.forbidden, "No changes can be proposed to \(ref.shortName).") }
        return try await web.gateway.authorizer.open(repository.principal, .discuss, repository.id)
    }

    /// Commits a draft, or opens a pull request with it.
    /// - Parameters:
    ///   - target: opened by ``opened(for:)``.
    ///   - parent: the commit that the author saw, on which a pull request is based.
    /// - Returns: the number of the pull request; nil for a commit on the branch.
    func commit(
        _ draft: CommitDraft, _ target: ChangeFields.Target, to opened: Repository, parent: String?
    ) async throws -> Int64? {
        guard target == .pull else {
            _ = try await repositories.commit(draft, to: opened)
            return nil
        }
        var draft = draft
        draft.expectedParent = parent ?? snapshot?.commit.hex
        draft.preconditions = []
        return try await discussions.openPullRequest(from: draft, in: opened).discussion.num
    }

    /// An empty draft with the words of the form.
    func draft(_ fields: ChangeFields, _ operations: [CommitOperation] = []) -> CommitDraft {
        CommitDraft(
            ref: ref, operations: operations,
            summary: fields.summary.allSatisfy(\.isWhitespace) ? fields.fallback : fields.summary,
            description: fields.description.replacing("\r\n", with: "\n"))
    }

    /// The page of a pull request.
    func address(ofDiscussion number: Int64) -> String { "\(place.header.address("discussions"))/\(number)" }
}

extension HubError {
    /// Whether a form is shown again with this beside what was typed, instead of a page for the error.
    var belongsToForm: Bool {
        switch code {
        case .authenticationRequired, .invalidCredentials, .repositoryNotFound, .internalError: false
        default: true
        }
    }
}
