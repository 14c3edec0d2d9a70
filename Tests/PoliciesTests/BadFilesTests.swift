import Testing

@testable import Policies

@Suite("Bad policy files")
struct BadFilesTests {
    @Test("the corpus is large enough to mean something")
    func corpusSize() {
        #expect(PolicyFixtures.bad.count >= 45)
    }

    @Test("every bad file is refused at the expected place, with a remedy", arguments: PolicyFixtures.bad.map(\.name))
    func badFile(_ name: String) throws {
        let file = try #require(PolicyFixtures.bad.first { $0.name == name })
        let header = try #require(file.text.split(separator: "\n").first)
        let expectation = try #require(header.wholeMatch(of: /# expect: (\d+):(\d+) (.+)/))
        let load = PolicySnapshot.load([file], digest: "")
        let all = load.errors.map(\.description).joined(separator: "\n")
        #expect(load.snapshot == nil)
        let match = load.errors.first { error in
            "\(error.location.line)" == expectation.1 && "\(error.location.column)" == expectation.2
                && error.message.contains(expectation.3)
        }
        #expect(match != nil, "\(header), but found:\n\(all)")
        #expect(load.errors.allSatisfy { $0.remedy?.isEmpty == false }, "an error without a remedy:\n\(all)")
        #expect(load.errors.count <= 3, "one mistake should not cascade:\n\(all)")
    }

    @Test(
        "the remedy names what was probably meant",
        arguments: [
            ("mode: prozy", "did you mean 'proxy'?"),
            ("retension: {}", "did you mean 'retention'?"),
            ("license: {deny: [\"flag:noncommercial\"]}", "did you mean 'non-commercial'?"),
            ("license: {allow: [Apache-2.O]}", "did you mean 'Apache-2.0'?"),
            ("license: {allow: [mti]}", "did you mean 'MIT'?"),
            ("rules: [{id: a, action: dney}]", "did you mean 'deny'?"),
            ("rules: [{id: a, action: deny, match: {maxsize: 1GiB}}]", "did you mean 'maxSize'?"),
            ("rules: [{id: a, action: deny, match: {maxSize: 1gib}}]", "did you mean '1GiB'?"),
            ("rules: [{id: a, action: deny, match: {maxSize: 200G}}]", "did you mean '200GB'?"),
            ("rules: [{id: a, action: deny, match: {repo: [Qwen]}}]", "write 'Qwen/*' or '*/Qwen'"),
            ("rules: [{id: a, action: deny, when: 'licence.id == \"mit\"'}]", "did you mean 'license.id'?"),
            ("rules: [{id: a, action: deny, when: 'file.startswith(\"a\")'}]", "did you mean 'startsWith'?"),
            ("rules: [{id: a, action: deny, when: 'org = \"a\"'}]", "compare with =="),
            ("enabled: 'true'", "write enabled: true or enabled: false"),
            ("cache: {ttl: {ref: 10M}}", "did you mean '10m'?"),
            ("namespace: {map: {\"*\": \"a/../{owner}\"}}", "such as hf-{owner}"),
        ])
    func remedies(_ spec: String, _ remedy: String) {
        let load = PolicyFixtures.load("  " + spec)
        #expect(
            load.errors.contains { $0.remedy?.contains(remedy) == true },
            "\(load.errors.map(\.description).joined(separator: "\n"))")
    }

    @Test("all errors of all files are told at once, in file order")
    func allErrors() {
        let load = PolicySnapshot.load(
            [
                PolicyFile(name: "b.yaml", text: PolicyFixtures.text("  mode: prozy\n  enabled: maybe\n", name: "b")),
                PolicyFile(name: "a.yaml", text: PolicyFixtures.text("  rules: [{id: x}]\n", name: "a")),
            ], digest: "")
        #expect(load.errors.map(\.location.file) == ["a.yaml", "b.yaml", "b.yaml"])
        #expect(load.errors.map(\.location.line) == [7, 7, 8])
    }

    @Test("an error reads as file:line:column, message, pointer, remedy")
    func rendering() {
        let load = PolicyFixtures.load("  mode: prozy\n")
        #expect(
            load.errors.map(\.description) == [
                "mirrors.d/hf.yaml:7:9: error: 'prozy' is not a value of 'mode' in /spec/mode (did you mean 'proxy'?)"
            ])
    }

    @Test("a secret that stands where it should not is never repeated")
    func secretsAreNotRepeated() {
        for spec in [
            "auth: {token: hunter2-secret}", "auth: hunter2-secret", "auth: {tokenEnv: hunter2-secret}",
            "url: \"https://user:hunter2-secret@example.com\"",
        ] {
            let text =
                "apiVersion: weir/v1\nkind: Mirror\nmetadata: {name: a}\nspec:\n  upstreams:\n  - name: a\n    type: weir\n"
                + (spec.hasPrefix("url") ? "" : "    url: https://example.com\n") + "    \(spec)\n"
            let load = PolicySnapshot.load([PolicyFile(name: "a.yaml", text: text)], digest: "")
            #expect(!load.errors.isEmpty)
            #expect(!load.errors.contains { $0.description.contains("hunter2") })
        }
    }

    @Test("aliases of aliases and deep nesting end in an error, not in a hang")
    func bombs() {
        var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...7 {
            laughs +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let keyBomb = "a: &a [x, x]\nb: &b [*a, *a]\n? *b\n: 1\n"
        let deep = String(repeating: "- ", count: 900) + "x\n"
        let deepFlow = String(repeating: "[", count: 5_000)
        let large = String(repeating: "# filler\n", count: 200_000)
        for text in [laughs, keyBomb, deep, deepFlow, large] {
            let load = PolicySnapshot.load([PolicyFile(name: "a.yaml", text: text)], digest: "")
            #expect(load.snapshot == nil)
            #expect(!load.errors.isEmpty)
        }
    }

    @Test("S52: arbitrary text never traps", arguments: 0..<300)
    func fuzz(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let source = PolicyFixtures.shipped.map(\.text) + PolicyFixtures.good.map(\.text)
        var scalars = Array((source.randomElement(using: &generator) ?? "").unicodeScalars)
        let noise: [UnicodeScalar] = Array("{}[]:,-&*?|>'\"%@`!#\t \n\\0aé".unicodeScalars)
        for _ in 0..<Int.random(in: 1...12, using: &generator) where !scalars.isEmpty {
            let place = Int.random(in: 0..<scalars.count, using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: scalars.remove(at: place)
            case 1: scalars.insert(noise.randomElement(using: &generator) ?? "x", at: place)
            default: scalars[place] = noise.randomElement(using: &generator) ?? "x"
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        let load = PolicySnapshot.load([PolicyFile(name: "fuzz.yaml", text: String(text))], digest: "")
        #expect((load.snapshot == nil) == !load.errors.isEmpty)
    }
}
