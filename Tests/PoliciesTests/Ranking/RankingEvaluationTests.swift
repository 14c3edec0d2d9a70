import Policies
import Testing

@Suite("Recommendations against simpler rankings")
struct RankingEvaluationTests {
    @Test(
        "what was planted is foreseen better than by every baseline, and no bound is crossed", arguments: [true, false])
    func beatsBaselines(filters: Bool) throws {
        var generator = SyntheticInteractions()
        generator.items = 600
        generator.users = 150
        let evaluation = RankingEvaluation(generator.make(), filters: filters, now: generator.now, epochs: 40)
        let ours = try #require(evaluation.metrics.first)
        #expect(evaluation.users > 100)
        for other in evaluation.metrics.dropFirst() {
            #expect(
                ours.ndcg10.mean > other.ndcg10.mean, "\(other.name): \(other.ndcg10.mean), ours \(ours.ndcg10.mean)")
        }
        #expect(ours.licenseViolations == 0 && ours.hardwareViolations == 0)
        #expect(evaluation.lead.low > 0, "lead \(evaluation.lead)")
    }
}
