import Testing

@testable import Policies

@Suite("Recommendations")
struct RankingTests {
    private static let now: Int64 = 1_760_000_000_000

    private static func model(
        _ path: String, task: String = "text-generation", languages: [String] = ["en"], downloads: Int64 = 100,
        billions: Double? = 7, outcome: Decision.Outcome = .allow, flags: Set<LicenseFlag> = [],
        bases: [RankingItem.Base] = []
    ) -> RankingItem {
        RankingItem(
            kind: "model", path: path, task: task, languages: languages, downloads: downloads, likes: 1,
            createdAt: now - 86_400_000, licenseOutcome: outcome, license: "apache-2.0", licenseFlags: flags,
            size: billions.map { ModelSize(parameters: Int64($0 * 1e9)) }, bases: bases)
    }

    private static func rank(_ items: [RankingItem], _ change: (inout RankingScene) -> Void = { _ in }) -> [String] {
        var scene = RankingScene(kind: "model")
        change(&scene)
        return RankingIndex(items, now: now).rank(scene).items.map(\.item.path)
    }

    @Test("what is for another task, does not fit or is not allowed is left out, each with its count")
    func exclusions() {
        let items = [
            Self.model("a/fits"), Self.model("a/large", billions: 70), Self.model("a/denied", outcome: .deny),
            Self.model("a/research", flags: [.nonCommercial]), Self.model("a/other", task: "translation"),
            Self.model("a/unknown", billions: nil), Self.model("a/silent", flags: [.noInformation]),
        ]
        var scene = RankingScene(kind: "model")
        scene.task = "text-generation"
        scene.memory = 24 << 30
        scene.isCommercial = true
        let ranking = RankingIndex(items, now: Self.now).rank(scene)
        #expect(ranking.items.map(\.item.path) == ["a/fits"])
        #expect(
            ranking.excluded == [.memory: 1, .denied: 1, .licenseFlag: 2, .task: 1, .unknownSize: 1])
        #expect(ranking.items[0].reasons.contains { $0.signal == .hardware && $0.text.contains("GiB of 24 GiB") })
    }

    @Test("memory is weights and a fifth, and the cache of the context")
    func memory() {
        var size = ModelSize(parameters: 7_000_000_000, parametersByType: ["BF16": 7_000_000_000])
        size.cacheBytesPerToken = ModelSize.cacheBytesPerToken(layers: 32, heads: 8, dimension: 128)
        #expect(size.cacheBytesPerToken == 131_072)
        #expect(size.memory(context: 4_096) == 14e9 * 1.2 + 131_072 * 4_096)
        let quantised = ModelSize(parameters: 7_000_000_000, parametersByType: ["U8": 3_500_000_000, "F32": 10])
        #expect(quantised.weightBytes == 3.5e9 + 40 + 3_499_999_990 * 2)
        #expect(HardwareFit.score(needed: 25, memory: 24) == 0)
        #expect(HardwareFit.score(needed: 19, memory: 24) > HardwareFit.score(needed: 8, memory: 24))
        #expect(HardwareFit.score(needed: 23.5, memory: 24) < HardwareFit.score(needed: 19, memory: 24))
    }

    @Test("languages that were asked for come first, and the reason says which are missing")
    func languages() {
        let items = [
            Self.model("a/english", downloads: 10_000), Self.model("a/chinese", languages: ["zh"], downloads: 5_000),
        ]
        #expect(
            Self.rank(items) {
                $0.languages = ["zh"]
                $0.task = "text-generation"
            } == ["a/chinese", "a/english"])
    }

    @Test("what replaced a model and what derives from it come before strangers")
    func likeness() {
        var old = Self.model("a/one")
        old.successor = "a/two"
        let items = [
            old, Self.model("a/two"), Self.model("b/tune", bases: [.init(path: "a/one", relation: .finetune)]),
            Self.model("c/stranger", downloads: 200), Self.model("c/another", downloads: 150),
        ]
        let names = Self.rank(items) { $0.like = "A/ONE" }
        #expect(Set(names.prefix(2)) == ["a/two", "b/tune"])
        #expect(!names.contains("a/one"))
    }

    @Test("data for a model is what its family was trained on, then what its task uses")
    func dataForModel() {
        var base = Self.model("a/base")
        base.datasets = ["d/own"]
        var peer = Self.model("z/peer")
        peer.datasets = ["d/peers"]
        let data = ["d/own", "d/peers", "d/rest"].map { RankingItem(kind: "dataset", path: $0, downloads: 10) }
        let tune = Self.model("b/tune", bases: [.init(path: "a/base", relation: .finetune)])
        var scene = RankingScene(kind: "dataset")
        scene.like = "b/tune"
        let ranking = RankingIndex([base, peer, tune] + data, now: Self.now).rank(scene)
        #expect(ranking.items.map(\.item.path) == ["d/own", "d/peers", "d/rest"])
    }

    @Test("a list is not ten quantisations of one model")
    func diversity() {
        let base = Self.model("a/base", downloads: 900)
        let copies = (0..<20).map {
            Self.model("a/quant-\($0)", downloads: 800, bases: [.init(path: "a/base", relation: .quantized)])
        }
        let others = (0..<5).map { Self.model("o\($0)/model", downloads: 700, billions: 7) }
        let names = Self.rank([base] + copies + others) { $0.limit = 5 }
        #expect(names.filter { $0.hasPrefix("a/") }.count <= 2)
    }

    @Test("what policy refuses at last is replaced by the next")
    func asked() {
        let items = (0..<30).map { Self.model("a/m\($0)", downloads: Int64(1_000 - $0)) }
        let index = RankingIndex(items, now: Self.now)
        let ranking = index.rank(RankingScene(kind: "model")) { $0.path != "a/m0" }
        #expect(ranking.items.count == 10 && !ranking.items.contains { $0.item.path == "a/m0" })
        #expect(ranking.excluded[.denied] == 1)
    }

    @Test("who uses the same is followed, and what is used already is not shown again")
    func usage() {
        let items = (0..<40).map { Self.model("m/\($0)", downloads: 100) }
        let usage = (0..<20).flatMap { user in
            [0, 1, 2].map { Usage(user: "org\(user)", kind: "model", path: "m/\($0)", at: Int64($0)) }
        }
        let index = RankingIndex(items, usage: usage, now: Self.now)
        var scene = RankingScene(kind: "model")
        scene.history = ["model:m/0": 1, "model:m/1": 1]
        let names = index.rank(scene).items.map(\.item.path)
        #expect(names.first == "m/2" && !names.contains("m/0") && !names.contains("m/1"))
        #expect(index.history(of: "org3") == ["model:m/2": 1, "model:m/1": 0.97, "model:m/0": 0.97 * 0.97])
    }

    @Test("what is here costs nothing to fetch")
    func cost() {
        var here = Self.model("a/here")
        here.totalBytes = 14_000_000_000
        here.localBytes = 14_000_000_000
        var away = Self.model("a/away")
        away.totalBytes = 14_000_000_000
        #expect(Self.rank([away, here]) == ["a/here", "a/away"])
    }

    @Test("families that go round in circles, and numbers out of bounds, end")
    func hostile() {
        let one = Self.model(
            "a/one", bases: [.init(path: "a/two", relation: .merge), .init(path: "a/one", relation: .merge)])
        var two = Self.model("a/two", bases: [.init(path: "a/one", relation: .merge)])
        two.successor = "a/one"
        two.downloads = .max
        two.likes = .max
        two.totalBytes = .max
        two.localBytes = .min
        two.createdAt = .max
        two.approvals = .min
        two.size = ModelSize(parameters: .max, parametersByType: ["F64": .max])
        var silent = Self.model("a/silent")
        silent.downloads = .min
        silent.createdAt = .min
        let names = Self.rank([one, two, silent]) {
            $0.like = "a/one"
            $0.context = .max
            $0.downloadBudget = .min
        }
        #expect(names.count == 2)
        #expect(Self.rank([], { $0.like = "x/y" }).isEmpty)
        #expect(Self.rank([one]) { $0.limit = -1 }.isEmpty)
    }

    @Test("the lower bound of few votes is below that of many")
    func wilson() {
        #expect(WilsonBound.lower(positive: 0, total: 0) == 0)
        let few = WilsonBound.lower(positive: 9, total: 10)
        #expect(abs(few - 0.596) < 0.001)
        #expect(few < WilsonBound.lower(positive: 900, total: 1_000))
    }
}
