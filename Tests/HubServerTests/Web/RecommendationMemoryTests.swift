import MirrorGateway
import Synchronization
import Testing

@testable import HubServer

@Suite("Recommendations on start pages")
struct RecommendationMemoryTests {
    private static func answer(_ considered: Int) -> Recommender.Answer {
        Recommender.Answer(items: [], considered: considered, excluded: [:], builtAt: 0)
    }

    @Test("what was found is shown again, and made again when it is old or of another policy")
    func remembered() async {
        let memory = RecommendationMemory()
        func ask(_ made: Int, policy: String, now: Int64) async -> Int? {
            await memory.answer(for: 1, policy: policy, now: now, within: .seconds(20)) { Self.answer(made) }?
                .considered
        }
        #expect(await ask(1, policy: "a", now: 0) == 1)
        #expect(await ask(2, policy: "a", now: 59_999) == 1)
        #expect(await ask(3, policy: "b", now: 59_999) == 3)
        #expect(await ask(4, policy: "b", now: 400_000) == 4)
    }

    @Test("a page does not wait for what takes long, and a later page has it")
    func patience() async throws {
        let memory = RecommendationMemory()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let first = await memory.answer(for: 1, policy: "", now: 0, within: .milliseconds(20)) {
            for await _ in gate { break }
            return Self.answer(7)
        }
        #expect(first == nil)
        opener.finish()
        let second = await memory.answer(for: 1, policy: "", now: 0, within: .seconds(20)) { Self.answer(8) }
        #expect(second?.considered == 7)
    }
}
