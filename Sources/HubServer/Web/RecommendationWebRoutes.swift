import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: what fits somebody, or an organisation of his, best.
struct RecommendationWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        [Route(.get, "/console/recommendations", .authenticated, errors: web.errors, handler: show)]
    }

    private var gateway: Gateway { web.gateway }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard let user = principal.user else {
            throw HubError(.authenticationRequired, "Sign in to see recommendations.")
        }
        let memberships = try await gateway.hub.store.organisations.memberships(of: user, seenBy: principal)
        let question = try RecommendationQuestion(request.query)
        var (items, considered): ([RecommendationsPage.Item], Int) = ([], 0)
        var problem: String?
        do {
            let answer = try await RecommendationAnswer.of(question, for: principal, gateway)
            items = answer.items.map(Self.view)
            considered = answer.considered
        } catch let error as HubError where error.code == .badRequest {
            problem = error.line
        }
        let mayMirror = try await gateway.authorizer.decide(principal, .mirrorSync, in: "").isAllowed
        return try await web.page(request) { [items, considered, problem] context in
            RecommendationsPage(
                items: items, considered: considered, organisations: memberships.map(\.organisation.name),
                organisation: question.organisation ?? "", kind: question.scene.kind, task: question.scene.task ?? "",
                mayMirror: mayMirror, problem: problem, done: request.query.first("done")
            ).page(context)
        }
    }

    private static func view(_ item: Recommender.Answer.Item) -> RecommendationsPage.Item {
        let known = item.ranked.item
        let outcome = item.decision?.outcome ?? .allow
        return RecommendationsPage.Item(
            name: known.path, repository: item.localName?.description, address: item.localName.map(WebAddress.of),
            isHere: item.isHere, upstream: item.upstream, license: known.license, task: known.task,
            parameters: known.size?.parameters, bytesToFetch: known.marginalBytes,
            reasons: item.ranked.reasons.map(\.text), isForReview: outcome == .review)
    }
}

/// What is recommended to who asks, whatever asks: REST or pages.
enum RecommendationAnswer {
    /// - Throws: `.badRequest`; what opening the organisation throws whose use is to count.
    static func of(
        _ question: RecommendationQuestion, for principal: Principal, _ gateway: Gateway
    ) async throws -> Recommender.Answer {
        var user = principal.user.map { "user:\($0.name.lowercased())" }
        if let organisation = question.organisation {
            // What an organisation uses is its own affair.
            let opened = try await gateway.authorizer.openOrganisation(principal, .contentRead, organisation)
            user = "org:\(opened.name.lowercased())"
        }
        return try await gateway.recommender.recommend(
            question.scene, for: principal, history: user, hardware: question.hardware)
    }
}
