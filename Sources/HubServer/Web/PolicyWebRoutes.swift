import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: the policy in force, what a change would do, and why something is blocked.
struct PolicyWebRoutes: Sendable {
    let web: WebContext

    /// Bytes of a policy file that somebody tries.
    private static let largestFile = 1 << 20

    var routes: [Route] {
        let base = "/console/policies"
        return [
            Route(.get, base, .authenticated, errors: web.errors, handler: show),
            Route(.post, base + "/reload", .admin, errors: web.errors, handler: reload),
            Route(.get, base + "/try", .hub(.mirrorSync), errors: web.errors, handler: trial),
            Route(.post, base + "/try", .hub(.mirrorSync), errors: web.errors, handler: attempt),
            Route(.get, base + "/{name}", .hub(.auditRead), errors: web.errors, handler: file),
            Route(.get, "/console/explain", .open, errors: web.errors, handler: explain),
        ]
    }

    private var gateway: Gateway { web.gateway }

    // MARK: The policy

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in to see policies.") }
        guard let policies = gateway.policies else {
            return try await web.page(request) { context in NoPoliciesPage().page(context) }
        }
        let mayTry = try await gateway.authorizer.decide(principal, .mirrorSync, in: "").isAllowed
        let mayRead = try await mayReadFiles(principal)
        let (current, failure) = (policies.current, policies.lastFailure)
        let names = mayRead ? ((try? policies.files()) ?? []).map(\.name) : []
        let mirrors = current.mirrors.map { mirror in
            let document = mirror.document
            return PoliciesPage.Mirror(
                name: mirror.name, mode: document.mode.rawValue, upstreams: document.upstreams.map(\.name),
                rules: document.rules.count, otherwise: document.defaultOutcome.rawValue,
                schedule: document.schedule?.cron.text, owner: document.labels["owner"], file: document.location.file,
                line: document.location.line)
        }
        return try await web.page(request) { context in
            PoliciesPage(
                mirrors: mirrors, files: names, digest: current.digest, loadedAt: current.loadedAt, refusal: failure,
                mayRead: mayRead, mayReload: principal.isAdministrator, mayTry: mayTry,
                done: request.query.first("done")
            ).page(context)
        }
    }

    private func file(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .auditRead)
        let name = try request.parameter("name")
        guard let policies = gateway.policies,
            let file = try Self.files(policies).first(where: { Self.short($0.name) == name })
        else { throw Self.noFile(name) }
        let problems = (policies.lastFailure?.problems ?? []).filter { $0.hasPrefix("\(file.name):") }
        let mayTry = try await gateway.authorizer.decide(principal, .mirrorSync, in: "").isAllowed
        return try await web.page(request) { context in
            PolicyFilePage(
                name: file.name, text: file.text, wrong: Set(problems.compactMap { PolicyPlace.read($0)?.line }),
                problems: problems, mayTry: mayTry
            ).page(context)
        }
    }

    private func reload(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in as an administrator.") }
        guard principal.isAdministrator else {
            throw HubError(.forbidden, "Only administrators may reload the policy.")
        }
        _ = try await web.form(request)
        guard let policies = gateway.policies else { throw HubError(.notFound, "This hub has no policy files.") }
        do {
            try policies.reload()
        } catch is PolicyLoadFailure {
            // The page tells what is wrong.
            return web.seeOther("/console/policies")
        }
        return web.seeOther("/console/policies?done=reloaded")
    }

    // MARK: A change

    private func trial(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .mirrorSync)
        guard let policies = gateway.policies else { throw HubError(.notFound, "This hub has no policy files.") }
        let files = try Self.files(policies)
        let wanted = request.query.first("file")
        let chosen = files.first { Self.short($0.name) == wanted } ?? files.first
        return try await web.page(request) { context in
            PolicyTrialPage(
                files: files.map { Self.short($0.name) }, file: chosen.map { Self.short($0.name) } ?? "changed.yaml",
                text: chosen?.text ?? "", result: nil, problems: []
            ).page(context)
        }
    }

    private func attempt(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .mirrorSync)
        let form = try await web.form(request, upTo: 4 * Self.largestFile)
        guard let policies = gateway.policies else { throw HubError(.notFound, "This hub has no policy files.") }
        let names = try Self.files(policies).map { Self.short($0.name) }
        let name = form.first("file") ?? "changed.yaml"
        guard names.contains(name) || name == "changed.yaml" else { throw Self.noFile(name) }
        let text = form.text("text")
        guard text.utf8.count <= Self.largestFile else {
            throw HubError(.payloadTooLarge, "A policy file that is tried has at most 1 MiB.")
        }
        // Browsers end lines of forms with both characters.
        let plain = text.replacing("\r\n", with: "\n")
        do {
            let rehearsal = try await gateway.sync.attempt([name: plain])
            return try await web.page(request) { context in
                PolicyTrialPage(files: names, file: name, text: plain, result: Self.view(rehearsal), problems: [])
                    .page(context)
            }
        } catch let failure as PolicyLoadFailure {
            return try await web.page(request) { context in
                PolicyTrialPage(files: names, file: name, text: plain, result: nil, problems: failure.problems)
                    .page(context)
            }
        }
    }

    private static func view(_ rehearsal: PolicyRehearsal) -> PolicyTrialPage.Result {
        let changes = rehearsal.changes.sorted {
            ($1.downloads, $0.repository.path) < ($0.downloads, $1.repository.path)
        }
        return PolicyTrialPage.Result(
            changes: changes.map { change in
                PolicyTrialPage.Change(
                    kind: change.isNewlyBlocked
                        ? .blocked : change.isNewlyAllowed ? .allowed : change.isNewlyMirrored ? .mirrored : .other,
                    repository: change.repository.description, address: WebAddress.of(change.repository),
                    before: change.before?.rawValue ?? "none", after: change.after?.rawValue ?? "none",
                    reason: change.reason, blockedFiles: change.blockedFiles, downloads: change.downloads)
            }, repositories: rehearsal.repositories, bytesToFetch: rehearsal.bytesToFetch, remarks: rehearsal.remarks)
    }

    // MARK: Why

    private func explain(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        func given(_ name: String) -> String? {
            request.query.first(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        var shown = ExplainPage.Question()
        shown.repository = given("repo") ?? ""
        shown.revision = given("revision") ?? ""
        shown.file = given("file") ?? ""
        shown.user = given("as") ?? ""
        guard let name = given("repo") else {
            return try await page(request, shown, nil, nil, principal)
        }
        let question = ExplanationQuestion(
            repository: name, user: given("as"), revision: given("revision"), file: given("file"))
        do {
            let explanation = try await question.answer(for: principal, gateway)
            let answer = try await view(explanation, principal)
            return try await page(request, shown, answer, nil, principal)
        } catch let error as HubError where error.code == .badRequest {
            return try await page(request, shown, nil, error.line, principal)
        }
    }

    private func page(
        _ request: HubRequest, _ question: ExplainPage.Question, _ answer: ExplainPage.Answer?, _ problem: String?,
        _ principal: Principal
    ) async throws -> HubResponse {
        try await web.page(request) { context in
            ExplainPage(
                question: question, answer: answer, problem: problem, mayAskForOthers: principal.isAdministrator
            ).page(context)
        }
    }

    private func view(_ explanation: Explanation, _ principal: Principal) async throws -> ExplainPage.Answer {
        let decision = explanation.decision
        let id = explanation.repository
        var answer = ExplainPage.Answer(
            repository: id.description, address: WebAddress.of(id),
            outcome: ExplainPage.Outcome(rawValue: (decision?.outcome ?? .allow).rawValue) ?? .allow)
        answer.mirror = explanation.mirror
        answer.remark = explanation.remark
        let mirror = gateway.policies?.current.mirrors.first { $0.name == explanation.mirror }
        answer.owner = mirror?.document.labels["owner"]
        guard let decision else { return answer }
        answer.isQuarantined = decision.isQuarantined
        answer.policyDigest = decision.policyDigest
        let mayRead = try await mayReadFiles(principal)
        let approvals = decision.advisories.filter { $0.id == "approval" }
        answer.isApproved = decision.isAllowed && !approvals.isEmpty
        answer.steps = decision.trace.map { Self.step($0, mayRead: mayRead) }
        answer.steps += approvals.map { rule in
            ExplainPage.Step(
                rule: rule.id, verdict: .allows, reason: rule.reason, message: nil, place: "\(rule.file):\(rule.line)",
                address: nil)
        }
        answer.facts = decision.facts.filter { !$0.value.isEmpty }.map { (name: $0.name, value: $0.value) }
        answer.remedies = decision.remedy
        switch decision.outcome {
        case .allow: break
        case .deny: answer.told = Self.told(.policyDenied)
        case .review: answer.told = Self.told(.policyReview)
        }
        guard decision.outcome == .review else { return answer }
        let waiting = try await gateway.hub.approvals.list(state: .open, repository: id, limit: 20)
        answer.request = try await ApprovalAccess(gateway: gateway).listed(waiting, to: principal).first?.id
        return answer
    }

    private static func told(_ code: HubError.Code) -> String { "\(HubError(code, "").status) \(code.rawValue)" }

    private static func step(_ step: RuleStep, mayRead: Bool) -> ExplainPage.Step {
        let (file, line) = (step.location.file, step.location.line)
        return ExplainPage.Step(
            rule: step.id, verdict: ExplainPage.Step.Verdict(rawValue: step.verdict.rawValue) ?? .unknown,
            reason: step.reason, message: step.message, place: "\(file):\(line)",
            address: mayRead ? PolicyPlace.address(file: file, line: line) : nil)
    }

    // MARK: Files

    /// Operators and auditors read the files themselves.
    private func mayReadFiles(_ principal: Principal) async throws -> Bool {
        if principal.isAdministrator { return true }
        return try await gateway.authorizer.decide(principal, .auditRead, in: "").isAllowed
    }

    private static func files(_ policies: PolicyEngine) throws -> [PolicyFile] {
        do {
            return try policies.files()
        } catch let failure as PolicyLoadFailure {
            throw HubError(.unprocessable, failure.problems.joined(separator: "; "))
        }
    }

    private static func short(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }

    private static func noFile(_ name: String) -> HubError {
        HubError(.notFound, "There is no policy file '\(name.prefix(100))'.")
    }
}
