import HTTPTypes
import HubCore
import MirrorGateway
import Policies

/// `GET /api/gateway/v1/recommendations`: what fits a purpose best of what is here and at upstreams, and why.
struct RecommendationRoutes: Sendable {
    let gateway: Gateway

    var routes: [Route] {
        [
            Route(
                .get, GatewaySurface.base + "/recommendations", .authenticated, errors: PlainErrorRendering(),
                handler: answer)
        ]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see this.")
        }
        let question = try RecommendationQuestion(request.query)
        let answer = try await RecommendationAnswer.of(question, for: principal, gateway)
        return .json { $0.value(answer) }
    }

    static let operations = APIOperationGroup(
        "Recommendations", at: GatewaySurface.base,
        [
            .get(
                "/recommendations", "recommend",
                "What fits a purpose best of what is here and at upstreams, and why. Nothing that policy denies.",
                query: [
                    APIParameter("kind", .words(of: HubCore.RepositoryKind.self, "`model` by default.")),
                    APIParameter("task", .text("Only what is for this task, as `text-generation`.")),
                    APIParameter("language", .text("Counts in favour; may be repeated.")),
                    APIParameter("library", .text("Counts in favour.")),
                    APIParameter("tag", .text("Counts in favour; may be repeated.")),
                    APIParameter("commercial", .boolean("Leaves out what is not for commercial use.")),
                    APIParameter(
                        "without", .words(of: LicenseFlag.self, "Leaves out what has this obligation; may be repeated.")
                    ),
                    APIParameter("allowedOnly", .boolean("Leaves out what somebody has to review first.")),
                    APIParameter("memory", .text("Memory of the accelerator it has to fit into, as `24GiB`.")),
                    APIParameter("hardware", .text("The same by the name that a mirror file gives it.")),
                    APIParameter("context", .integer(0...100_000_000, "Tokens that fit beside it; 4096 by default.")),
                    APIParameter("budget", .text("How much may be fetched for it, as `100GiB`.")),
                    APIParameter(
                        "like", .text("A model: what is like it or follows it; for data sets, data to train it with.")),
                    APIParameter(
                        "organization", .text("Whose use counts, instead of one's own: for its members.")),
                    APIParameter("limit", .integer(1...100, "10 by default.")),
                ],
                returns: .json(
                    .object([
                        "items": .array(of: item), "considered": .count,
                        "excluded": .map(of: .count, "How many were left out, by the reason."), "gatheredAt": .time,
                    ])), refusing: [.notFound])
        ])

    private static let item = JSONSchema.named(
        "Recommendation",
        .object([
            "kind": .words(of: HubCore.RepositoryKind.self), "path": .text,
            "repository": .text("Its name here, or that it would have.").orNull, "mirror": .text.orNull,
            "upstream": .text.orNull, "here": .boolean, "score": .number, "license": .text.orNull,
            "decision": .words(["allow", "review"]), "explanation": .text.orNull, "task": .text.orNull,
            "parameters": .count.orNull, "bytes": .count.orNull, "bytesToFetch": .count.orNull,
            "reasons": .array(
                of: .object([
                    "signal": .words(of: RankingSignal.self), "value": .number, "weight": .number, "text": .text,
                ])),
        ]))
}
