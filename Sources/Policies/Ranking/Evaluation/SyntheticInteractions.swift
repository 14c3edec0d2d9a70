/// Invents a hub and the organisations that use it, with preferences planted in what they use: tasks, languages,
/// families, taste that nothing describes, what is popular; and bounds they never cross, of memory and licence.
///
/// Public sets of this kind (HuggingBench) cannot be had without internet; this one is the same for the same seed.
package struct SyntheticInteractions: Sendable {
    package var items = 3_000
    package var users = 400
    package var seed: UInt64 = 7
    /// Milliseconds since 1970 at the end of what is invented.
    package var now: Int64 = 1_760_000_000_000

    package init() {}

    private static let tasks = [
        "text-generation", "text-classification", "automatic-speech-recognition", "image-classification",
        "text-to-image", "translation", "feature-extraction", "question-answering", "summarization", "object-detection",
    ]
    private static let languages = ["en", "zh", "de", "fr", "ja", "es", "ko", "ar"]
    private static let libraries = ["transformers", "diffusers", "sentence-transformers", "gguf", "timm"]
    private static let licenses: [(id: String, share: Double)] = [
        ("apache-2.0", 0.45), ("mit", 0.2), ("cc-by-nc-4.0", 0.12), ("llama3.1", 0.1), ("cc-by-4.0", 0.05),
        ("gemma", 0.04), ("other", 0.04),
    ]
    private static let sizes: [Double] = [1e8, 5e8, 1.5e9, 3e9, 7e9, 8e9, 14e9, 32e9, 70e9]
    private static let memories: [Int64?] = [8 << 30, 24 << 30, 24 << 30, 80 << 30, nil]
    private static let day: Int64 = 86_400_000
    private static let tasteDimensions = 6

    private struct Traits {
        let task: Int
        let language: Int
        let library: Int
        let family: Int
        let appeal: Double
        let taste: [Double]
        let bornAt: Int64
    }

    private struct Preferences {
        let tasks: [Double]
        let languages: [Double]
        let library: Int
        var families: [Int: Double]
        let taste: [Double]
    }

    package func make() -> InteractionSet {
        var random = SeededRandom(seed: seed)
        let (items, traits) = makeItems(&random)
        var users: [EvaluationUser] = []
        var usage: [Usage] = []
        for number in 0..<self.users {
            let user = EvaluationUser(
                name: "org-\(number)", memory: Self.memories.randomElement(using: &random) ?? nil,
                isCommercial: Double.random(in: 0..<1, using: &random) < 0.5)
            users.append(user)
            usage += uses(of: user, items, traits, &random)
        }
        return InteractionSet(items: items, users: users, usage: usage)
    }

    // MARK: Items

    private func makeItems(_ random: inout SeededRandom) -> ([RankingItem], [Traits]) {
        var items: [RankingItem] = []
        var traits: [Traits] = []
        var bases: [Int] = []
        for number in 0..<self.items {
            let appeal = Powers.exponential(Self.normal(&random) * 1.2)
            let bornAt = now - Int64.random(in: 0...720, using: &random) * Self.day
            let taste = (0..<Self.tasteDimensions).map { _ in Self.normal(&random) }
            let derivesFrom = Double.random(in: 0..<1, using: &random) < 0.6 ? bases.randomElement(using: &random) : nil
            if let base = derivesFrom {
                let relation = RankingItem.Base.Relation.allCases.randomElement(using: &random) ?? .finetune
                var item = items[base]
                item.path = "maker-\(number % 97)/model-\(number)"
                item.bases = [.init(path: items[base].path, relation: relation)]
                let language =
                    Int.random(in: 0..<10, using: &random) < 6
                    ? traits[base].language : Int.random(in: 0..<Self.languages.count, using: &random)
                item.languages = [Self.languages[language]]
                if relation == .quantized {
                    item.size = item.size.map { ModelSize(parameters: $0.parameters, weightBytes: $0.weightBytes / 4) }
                    item.library = "gguf"
                }
                items.append(item)
                traits.append(
                    Traits(
                        task: traits[base].task, language: language, library: traits[base].library,
                        family: traits[base].family, appeal: appeal,
                        taste: zip(traits[base].taste, taste).map { $0 * 0.6 + $1 * 0.8 },
                        bornAt: max(bornAt, traits[base].bornAt)))
            } else {
                let task = Int.random(in: 0..<Self.tasks.count, using: &random)
                let language = Self.skewed(Self.languages.count, &random)
                let library = Int.random(in: 0..<Self.libraries.count, using: &random)
                let parameters = Self.sizes.randomElement(using: &random) ?? 7e9
                let license = Self.license(&random)
                let known = License.normalize(license)
                items.append(
                    RankingItem(
                        kind: "model", path: "maker-\(number % 97)/model-\(number)", task: Self.tasks[task],
                        library: Self.libraries[library], languages: [Self.languages[language]],
                        license: license, licenseFlags: known.flags,
                        size: ModelSize(parameters: Int64(parameters))))
                traits.append(
                    Traits(
                        task: task, language: language, library: library, family: number, appeal: appeal, taste: taste,
                        bornAt: bornAt))
                bases.append(number)
            }
            let last = items.count - 1
            let age = Double(now - traits[last].bornAt) / Double(Self.day)
            let downloads = appeal * (20 + 5 * age) * Double.random(in: 0.6..<1.4, using: &random)
            items[last].downloads = Int64(downloads)
            items[last].likes = Int64(downloads * Double.random(in: 0.005..<0.03, using: &random))
            items[last].createdAt = traits[last].bornAt
            items[last].updatedAt = traits[last].bornAt
            items[last].totalBytes = items[last].size.map { Int64($0.weightBytes) }
        }
        return (items, traits)
    }

    private static func license(_ random: inout SeededRandom) -> String {
        var left = Double.random(in: 0..<1, using: &random)
        for (id, share) in licenses {
            left -= share
            if left < 0 { return id }
        }
        return "other"
    }

    /// The first of `count` more often than the last.
    private static func skewed(_ count: Int, _ random: inout SeededRandom) -> Int {
        min(
            Int.random(in: 0..<count, using: &random),
            Int.random(in: 0..<count, using: &random))
    }

    // MARK: Uses

    private func uses(
        of user: EvaluationUser, _ items: [RankingItem], _ traits: [Traits], _ random: inout SeededRandom
    ) -> [Usage] {
        var preferences = Preferences(
            tasks: Self.mixture(Self.tasks.count, &random), languages: Self.mixture(Self.languages.count, &random),
            library: Int.random(in: 0..<Self.libraries.count, using: &random), families: [:],
            taste: (0..<Self.tasteDimensions).map { _ in Self.normal(&random) })
        let possible = items.indices.filter { !user.violatesLicense(items[$0]) && !user.violatesHardware(items[$0]) }
        guard possible.count > 20 else { return [] }
        var used: Set<Int> = []
        var usage: [Usage] = []
        let count = Int.random(in: 6...30, using: &random)
        for step in 0..<count {
            let at = now - Int64(count - step) * 12 * Self.day + Int64.random(in: 0..<Self.day, using: &random)
            // Gumbel noise makes of the greatest utility a draw by softmax.
            var best = (place: -1, utility: -Double.infinity)
            for place in possible where traits[place].bornAt <= at && !used.contains(place) {
                let noise = -Powers.naturalLog(-Powers.naturalLog(Double.random(in: 1e-12..<1, using: &random)))
                let utility = Self.utility(of: traits[place], for: preferences) + noise
                if utility > best.utility { best = (place, utility) }
            }
            guard best.place >= 0 else { continue }
            used.insert(best.place)
            preferences.families[traits[best.place].family, default: 0] += 1
            usage.append(Usage(user: user.name, kind: "model", path: items[best.place].path, at: at))
        }
        return usage
    }

    private static func utility(of item: Traits, for wanted: Preferences) -> Double {
        let taste = zip(item.taste, wanted.taste).reduce(0) { $0 + $1.0 * $1.1 }
        return 3 * Powers.naturalLog(0.02 + wanted.tasks[item.task])
            + 2 * Powers.naturalLog(0.05 + wanted.languages[item.language])
            + (item.library == wanted.library ? 1 : 0)
            + 1.5 * min(2, wanted.families[item.family] ?? 0)
            + 0.7 * Powers.naturalLog(item.appeal) + 0.5 * taste
    }

    /// A few large shares and many small ones that sum to 1.
    private static func mixture(_ count: Int, _ random: inout SeededRandom) -> [Double] {
        let raw = (0..<count).map { _ in Powers.exponential(Self.normal(&random) * 2) }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
    }

    private static func normal(_ random: inout SeededRandom) -> Double {
        // The sum of twelve uniform numbers is near enough to normal.
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    }
}
