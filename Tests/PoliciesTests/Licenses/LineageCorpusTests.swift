import Foundation
import Testing

@testable import Policies

@Suite("Licence corpus: lineage")
struct LineageCorpusTests {
    typealias Kind = LicenseConflict.Kind

    struct Case: Sendable {
        let name: String
        /// `a/m: mit < c/d finetune, e/f merge; c/d: llama3`; what has no licence of its own is written `-`.
        let graph: String
        let outcome: Decision.Outcome
        let conflicts: [Kind]
        /// What the decision, a conflict, the chain or an advisory has to say.
        let says: [String]

        init(_ name: String, _ graph: String, _ outcome: Decision.Outcome, _ conflicts: [Kind] = [], _ says: String...)
        {
            self.name = name
            self.graph = graph
            self.outcome = outcome
            self.conflicts = conflicts
            self.says = says
        }
    }

    /// `a/m` is the repository asked about.
    static let cases: [Case] = [
        Case("alone", "a/m: mit", .allow),
        Case("alone without a licence", "a/m: -", .review, [], "no licence is declared"),
        Case(
            "permissive all the way", "a/m: mit < c/d finetune; c/d: apache-2.0 < e/f finetune; e/f: bsd-3-clause",
            .allow,
            [], "a/m ← c/d ← e/f"),
        Case(
            "a grand-parent with a user cap", "a/m: mit < c/d finetune; c/d: mit < acme/x finetune; acme/x: llama3",
            .review, [.restrictionDropped], "says mit; grand-parent acme/x is llama3", "a/m ← c/d ← acme/x"),
        Case("a parent with a user cap, named as such", "a/m: llama3.1 < meta/x finetune; meta/x: llama3.1", .review),
        Case(
            "a non-commercial parent under MIT", "a/m: mit < c/d finetune; c/d: cc-by-nc-4.0", .deny,
            [.restrictionDropped], "says mit; parent c/d is cc-by-nc-4.0, which is non-commercial"),
        Case("a non-commercial parent, named so", "a/m: cc-by-nc-4.0 < c/d finetune; c/d: cc-by-nc-4.0", .deny),
        Case(
            "a non-commercial great-grand-parent",
            "a/m: apache-2.0 < b/b finetune; b/b: apache-2.0 < c/c quantized; c/c: apache-2.0 < d/d merge; d/d: cc-by-nc-sa-4.0",
            .deny, [.restrictionDropped, .copyleftDropped], "great-grand-parent d/d", "a/m ← b/b ← c/c ← d/d"),
        Case(
            "no licence of its own, inherits a permissive one", "a/m: - < c/d finetune; c/d: mit", .review, [],
            "no licence is declared"),
        Case(
            "`other` over a non-commercial parent", "a/m: other < c/d finetune; c/d: cc-by-nc-4.0", .deny, [],
            "cc-by-nc-4.0 is non-commercial and holds by a/m ← c/d"),
        Case(
            "an adapter of Llama 2 under Apache", "a/m: apache-2.0 < meta/x adapter; meta/x: llama2", .review,
            [.restrictionDropped], "has a cap on users or revenue"),
        Case(
            "a quantised Gemma under MIT", "a/m: mit < google/g quantized; google/g: gemma", .review,
            [.restrictionDropped], "restricts use"),
        Case(
            "a RAIL parent under MIT", "a/m: mit < s/d finetune; s/d: creativeml-openrail-m", .review,
            [.restrictionDropped], "restricts use"),
        Case(
            "a RAIL parent under another RAIL", "a/m: bigscience-openrail-m < s/d finetune; s/d: creativeml-openrail-m",
            .review),
        Case(
            "a RAIL parent under the family's name", "a/m: openrail < s/d finetune; s/d: creativeml-openrail-m", .review
        ),
        Case(
            "derived from what must not be changed", "a/m: cc-by-nd-4.0 < c/d finetune; c/d: cc-by-nd-4.0", .deny,
            [.noDerivatives], "allows no derivatives"),
        Case(
            "quantised from what must not be changed: the same work in another format",
            "a/m: cc-by-nd-4.0 < c/d quantized; c/d: cc-by-nd-4.0", .deny),
        Case(
            "an adapter of what must not be changed", "a/m: mit < c/d adapter; c/d: cc-by-nd-4.0", .deny,
            [.noDerivatives]),
        Case(
            "fine-tuned, then quantised, from what must not be changed",
            "a/m: cc-by-nc-nd-4.0 < b/b quantized; b/b: cc-by-nc-nd-4.0 < c/d finetune; c/d: cc-by-nc-nd-4.0", .deny,
            [.noDerivatives], "a/m ← b/b ← c/d"),
        Case(
            "a merge of three, one of them non-commercial",
            "a/m: mit < x/1 merge, x/2 merge, x/3 merge; x/1: mit; x/2: apache-2.0; x/3: cc-by-nc-4.0", .deny,
            [.restrictionDropped], "parent x/3"),
        Case("a merge of permissive ones", "a/m: mit < x/1 merge, x/2 merge; x/1: mit; x/2: apache-2.0", .allow),
        Case(
            "a merge of two vendors' terms under the one",
            "a/m: llama3 < x/1 merge, x/2 merge; x/1: llama3; x/2: gemma",
            .review, [.restrictionDropped], "parent x/2 is gemma"),
        Case(
            "a merge of share-alike and GPL under GPL",
            "a/m: gpl-3.0 < x/1 merge, x/2 merge; x/1: cc-by-sa-4.0; x/2: gpl-3.0", .review),
        Case(
            "a merge of two share-alike licences under one of them",
            "a/m: cc-by-sa-4.0 < x/1 merge, x/2 merge; x/1: cc-by-sa-4.0; x/2: gpl-3.0", .review, [.copyleftDropped],
            "parent x/2 is gpl-3.0"),
        Case(
            "share-alike under MIT", "a/m: mit < c/d finetune; c/d: cc-by-sa-4.0", .review, [.copyleftDropped],
            "must stay under it"),
        Case("share-alike under a later version", "a/m: cc-by-sa-4.0 < c/d finetune; c/d: cc-by-sa-3.0", .allow),
        Case(
            "share-alike under an earlier version", "a/m: cc-by-sa-3.0 < c/d finetune; c/d: cc-by-sa-4.0", .review,
            [.copyleftDropped]),
        Case(
            "GPL under Apache", "a/m: apache-2.0 < c/d finetune; c/d: gpl-3.0", .review, [.copyleftDropped],
            "must stay under it"),
        Case(
            "GPL-2.0-only under GPL-3.0", "a/m: gpl-3.0 < c/d finetune; c/d: GPL-2.0-only", .review, [.copyleftDropped]),
        Case("GPL-2.0-or-later under GPL-3.0", "a/m: gpl-3.0 < c/d finetune; c/d: GPL-2.0-or-later", .review),
        Case("GPL-3.0 under AGPL-3.0", "a/m: agpl-3.0 < c/d finetune; c/d: gpl-3.0", .deny),
        Case("AGPL-3.0 under GPL-3.0", "a/m: gpl-3.0 < c/d finetune; c/d: agpl-3.0", .deny, [.copyleftDropped]),
        Case("LGPL-2.1 under GPL-3.0", "a/m: gpl-3.0 < c/d finetune; c/d: lgpl-2.1", .review),
        Case("MPL-2.0 under MIT", "a/m: mit < c/d finetune; c/d: mpl-2.0", .review, [.copyleftDropped]),
        Case("MPL-2.0 under MPL-2.0", "a/m: mpl-2.0 < c/d finetune; c/d: mpl-2.0", .allow),
        Case("a choice that frees", "a/m: mit < c/d finetune; c/d: MIT OR GPL-3.0-only", .allow),
        Case("a choice that does not", "a/m: mit < c/d finetune; c/d: CC-BY-NC-4.0 OR llama3", .review, []),
        Case(
            "MIT or GPL over GPL: who chooses MIT does what must not be",
            "a/m: MIT OR GPL-3.0-only < c/d finetune; c/d: gpl-3.0", .review, [.copyleftDropped]),
        Case("an ancestor nobody knows", "a/m: mit < gone/x finetune", .review, [], "nothing is known here of gone/x"),
        Case(
            "a grand-parent nobody knows", "a/m: mit < c/d finetune; c/d: mit < gone/x finetune", .review, [],
            "a/m ← c/d ← gone/x: not known here"),
        Case(
            "an ancestor nobody knows beside a forbidden one",
            "a/m: mit < gone/x merge, c/d merge; c/d: cc-by-nc-4.0", .deny, [.restrictionDropped]),
        Case(
            "a parent without a licence", "a/m: mit < c/d finetune; c/d: -", .review, [],
            "no licence is declared, which"),
        Case("its own parent", "a/m: mit < a/m finetune", .review, [.cycle], "a/m is named among its own ancestors"),
        Case(
            "two that name each other", "a/m: mit < c/d finetune; c/d: mit < a/m finetune", .review, [.cycle],
            "a/m ← c/d ← a/m"),
        Case(
            "a cycle further up, with a non-commercial way out",
            "a/m: mit < b/b finetune; b/b: mit < c/c finetune; c/c: mit < b/b finetune, n/c finetune; n/c: cc-by-nc-4.0",
            .deny, [.restrictionDropped, .cycle], "great-grand-parent n/c"),
        Case(
            "a diamond",
            "a/m: mit < b/1 merge, b/2 merge; b/1: mit < c/d finetune; b/2: mit < c/d finetune; c/d: llama2",
            .review, [.restrictionDropped], "grand-parent c/d is llama2"),
        Case("a newer version is no ancestor", "a/m: mit < a/m2 new_version; a/m2: cc-by-nc-4.0", .allow),
        Case(
            "a dataset is told and binds nobody", "a/m: mit < d/s dataset; d/s: cc-by-nc-4.0", .allow, [],
            "made from dataset d/s, which is cc-by-nc-4.0"),
        Case(
            "a dataset of a parent", "a/m: mit < c/d finetune; c/d: mit < d/s dataset; d/s: cc-by-sa-4.0", .allow, [],
            "dataset d/s", "a/m ← c/d ← d/s"),
        Case(
            "a dataset made from another", "a/m: mit < d/s dataset; d/s: mit < d/t dataset; d/t: cc-by-nc-4.0", .allow,
            [],
            "dataset d/t"),
        Case("a dataset nobody knows", "a/m: mit < d/s dataset", .allow),
        Case("a free dataset", "a/m: mit < d/s dataset; d/s: cc-by-4.0", .allow),
        Case("derived, nobody says how", "a/m: mit < c/d derived; c/d: llama3.2", .review, [.restrictionDropped]),
        Case("two different Llamas", "a/m: llama3.1 < meta/x finetune; meta/x: llama2", .review),
        Case(
            "Llama 3 under Llama 2, which asks for no name", "a/m: llama2 < meta/x finetune; meta/x: llama3", .review,
            [.restrictionDropped], "has a naming duty"),
        Case(
            "research only, two generations up, under Llama",
            "a/m: llama2 < c/d finetune; c/d: llama2 < e/f merge; e/f: apple-amlr", .deny, [.restrictionDropped],
            "grand-parent e/f is apple-amlr"),
        Case("a family's name over its member", "a/m: gpl < c/d finetune; c/d: gpl-3.0", .review),
        Case("MIT over a family's name", "a/m: mit < c/d finetune; c/d: gpl", .review, [.copyleftDropped]),
        Case(
            "a text nobody knows", "a/m: Acme model terms < c/d finetune; c/d: mit", .review, [],
            "licence Acme model terms"),
        Case("MIT and non-commercial at once", "a/m: MIT AND CC-BY-NC-4.0 < c/d finetune; c/d: cc-by-nc-4.0", .deny),
    ]

    @Test("each graph is decided as people decide it, and says by which way")
    func graphs() throws {
        var lines: [String] = []
        for item in Self.cases {
            let conclusion = LicenseLineage(try Self.nodes(item.graph)).conclusion(of: "a/m")
            let decision = try LicenseCorpus.decide(conclusion)
            let told =
                ([decision.explanation] + conclusion.chain + conclusion.conflicts.map(\.description)
                + conclusion.advisories.map(\.description)).joined(separator: " | ")
            #expect(decision.outcome == item.outcome, "\(item.name): \(told)")
            #expect(conclusion.conflicts.map(\.kind) == item.conflicts, "\(item.name): \(told)")
            for words in item.says { #expect(told.contains(words), "\(item.name): \(told)") }
            lines.append("\(item.name): \(told)")
        }
        try LicenseCorpus.report("lineage", lines)
    }

    static func nodes(_ graph: String) throws -> [LicenseLineage.Node] {
        try graph.split(separator: ";").map { line in
            let colon = try #require(line.firstIndex(of: ":"))
            var node = LicenseLineage.Node(id: line[..<colon].trimmingSpaces())
            let sides = line[line.index(after: colon)...].split(separator: "<")
            let license = sides[0].trimmingSpaces()
            node.card = license == "-" ? [] : [license]
            node.parents = try (sides.dropFirst().first ?? "").split(separator: ",").map { parent in
                let words = parent.split(separator: " ")
                let relation = try #require(words.last.flatMap { LicenseLineage.Relation(rawValue: String($0)) })
                return .init(id: String(words[0]), relation: relation)
            }
            return node
        }
    }

    @Test("what is only declared is judged where lists do not inherit")
    func withoutInheriting() throws {
        let conclusion = LicenseLineage(try Self.nodes("a/m: mit < c/d finetune; c/d: cc-by-nc-4.0")).conclusion(
            of: "a/m")
        var facts = Facts(kind: "model", repository: "a/m", licenses: .declared(["mit"]))
        facts.licenseConclusion = conclusion
        let lists = "deny: [\"flag:non-commercial\"]"
        #expect(try PolicyFixtures.decide("  license: {\(lists)}\n", facts).isAllowed)
        #expect(try !PolicyFixtures.decide("  license: {\(lists), inherit: base_model}\n", facts).isAllowed)
        let rule = "  rules: [{id: nc, when: 'license.flags.exists(\"non-commercial\")', action: deny}]\n"
        #expect(try PolicyFixtures.decide(rule, facts).isAllowed)
        let inheriting = try PolicyFixtures.decide("  license: {inherit: base_model}\n" + rule, facts)
        #expect(!inheriting.isAllowed, "expressions see the terms of ancestors")
        #expect(inheriting.explanation.contains("is non-commercial"))
    }

    @Test(
        "onMismatch decides what a contradiction does",
        arguments: [
            ("", Decision.Outcome.allow), (", onMismatch: allow", .allow), (", onMismatch: review", .review),
            (", onMismatch: deny", .deny),
        ])
    func onMismatch(_ setting: String, _ outcome: Decision.Outcome) throws {
        var facts = Facts(kind: "model", repository: "a/m", licenses: .declared(["mit"]))
        facts.licenseConclusion = LicenseLineage(try Self.nodes("a/m: mit < c/d finetune; c/d: gemma"))
            .conclusion(of: "a/m")
        let decision = try PolicyFixtures.decide("  license: {allow: [\"*\"]\(setting)}\n", facts)
        #expect(decision.outcome == outcome, "\(decision.explanation)")
        if outcome != .allow { #expect(decision.explanation.contains("says mit; parent c/d is gemma")) }
        if setting.contains("allow") { #expect(decision.advisories.map(\.reason).joined().contains("says mit")) }
    }

    @Test("an unknown ancestor is reviewed unless the lists say otherwise")
    func unknownAncestors() throws {
        var facts = Facts(kind: "model", repository: "a/m", licenses: .declared(["mit"]))
        facts.licenseConclusion = LicenseLineage(try Self.nodes("a/m: mit < gone/x finetune")).conclusion(of: "a/m")
        for (lists, outcome) in [
            ("allow: [MIT]", Decision.Outcome.review), ("allow: [MIT, unknown]", .allow),
            ("allow: [MIT], deny: [unknown]", .deny), ("review: [GPL-3.0-only]", .review),
        ] {
            let decision = try PolicyFixtures.decide("  license: {\(lists), inherit: base_model}\n", facts)
            #expect(decision.outcome == outcome, "\(lists): \(decision.explanation)")
        }
    }

    @Test("explain shows what was declared, what holds, the way and the contradictions")
    func rendered() throws {
        let conclusion = LicenseLineage(try Self.nodes("a/m: mit < c/d finetune; c/d: llama3")).conclusion(of: "a/m")
        let facts = try LicenseCorpus.decide(conclusion).facts
        func fact(_ name: String) -> String? { facts.first { $0.name == name }?.value }
        #expect(fact("licenseDeclared") == "mit (card)")
        #expect(fact("licenseConcluded") == "MIT AND LicenseRef-llama3")
        #expect(fact("licenseChain")?.contains("a/m ← c/d (finetune): LicenseRef-llama3") == true)
        #expect(fact("licenseConflicts")?.contains("says mit; parent c/d is llama3") == true)
        let capped = conclusion.obligations.first { $0.flag == .userCap }
        #expect(capped?.path == ["a/m", "c/d"] && capped?.license == "LicenseRef-llama3")
    }

    @Test("a conclusion survives being written down")
    func codable() throws {
        let conclusion = LicenseLineage(
            try Self.nodes(
                "a/m: GPL-2.0-only WITH Classpath-exception-2.0 < c/d merge, gone/x merge; c/d: MIT OR llama3")
        ).conclusion(of: "a/m")
        let data = try JSONEncoder().encode(conclusion)
        let read = try JSONDecoder().decode(LicenseConclusion.self, from: data)
        #expect(read.concluded.description == conclusion.concluded.description)
        #expect(
            read.flags == conclusion.flags && read.chain == conclusion.chain && read.conflicts == conclusion.conflicts)
    }

    @Test("ten thousand ancestors, deep, wide and tangled, take no longer than they are many")
    func bounds() throws {
        var deep = (0..<12_000).map { index in
            var node = LicenseLineage.Node(id: "n/\(index)").with(card: ["mit"])
            node.parents = [.init(id: "n/\(index + 1)", relation: .finetune)]
            return node
        }
        #expect(LicenseLineage(deep).conclusion(of: "n/0").isTruncated, "deeper than anybody looks")
        for index in deep.indices {
            // Everyone names a hundred others, back and forth.
            deep[index].parents = (1...100).map { .init(id: "n/\((index * 7 + $0 * 131) % 12_000)", relation: .merge) }
        }
        let conclusion = LicenseLineage(deep).conclusion(of: "n/0")
        #expect(conclusion.isTruncated && conclusion.ancestorCount == LicenseLineage.maximumNodes)
        #expect(conclusion.conflicts.count <= 10 && conclusion.terms.count == 1)
        let wide = [
            LicenseLineage.Node(id: "a/m").with(card: ["mit"], parents: (0..<20_000).map { "gone/\($0)" })
        ]
        let unknown = LicenseLineage(wide).conclusion(of: "a/m")
        #expect(unknown.isTruncated && unknown.unknownAncestors.count == 100)
    }
}

extension LicenseLineage.Node {
    fileprivate func with(card: [String], parents: [String]) -> Self {
        var node = with(card: card)
        node.parents = parents.map { .init(id: $0, relation: .merge) }
        return node
    }
}
