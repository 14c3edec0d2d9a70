import Testing

@testable import Policies

@Suite("Globs")
struct GlobTests {
    @Test(
        "a file pattern matches these paths",
        arguments: [
            ("*.bin", "model.bin", true), ("*.bin", "unet/model.bin", true), ("*.bin", "model.bin.txt", false),
            ("unet/*.bin", "unet/model.bin", true), ("unet/*.bin", "unet/a/model.bin", false),
            ("unet/**", "unet/a/model.bin", true), ("unet/**", "unet", false), ("**/model.bin", "model.bin", true),
            ("**/model.bin", "a/b/model.bin", true), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
            ("a/**/b", "ab", false), ("/README.md", "README.md", true), ("/README.md", "docs/README.md", false),
            ("model-?.bin", "model-1.bin", true), ("model-?.bin", "model-10.bin", false), ("a?b/c", "a/b/c", false),
            ("*.{bin,pt,ckpt}", "x.pt", true), ("*.{bin,pt,ckpt}", "x.onnx", false), ("{a,b{c,d}}.x", "bd.x", true),
            ("a{,b}.x", "a.x", true), ("[a-c].x", "b.x", true), ("[!a-c].x", "b.x", false), ("[^a-c].x", "d.x", true),
            ("a[!b]c/d", "a/c/d", false), ("\\*.x", "*.x", true), ("\\*.x", "a.x", false), ("[]]", "]", true),
            ("LICENSE*", "LICENSE.txt", true), ("LICENSE*", "license.txt", false), ("数*", "数据.json", true),
        ])
    func files(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try Glob(pattern, for: .file).matches(path) == expected)
    }

    @Test(
        "a repository pattern ignores case and keeps owner and name apart",
        arguments: [
            ("Qwen/*", "qwen/Qwen3-8B", true), ("*/*", "a/b", true), ("*", "a/b", true), ("**", "a/b", true),
            ("*/*-GGUF", "a/x-gguf", true), ("Qwen/Qwen3-*", "Qwen/Qwen2-7B", false), ("q*/x", "q/y/x", false),
        ])
    func repositories(_ pattern: String, _ name: String, _ expected: Bool) throws {
        #expect(try Glob(pattern, for: .repository).matches(name) == expected)
    }

    @Test("a pattern that is escaped matches exactly its text", arguments: 0..<200)
    func escapedTextMatchesItself(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let alphabet = Array("ab/*?[]{}\\,-!.é")
        let text = String(
            (0..<Int.random(in: 1...12, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator)
            })
        let escaped = "/" + text.map { "\\\($0)" }.joined()
        let glob = try Glob(escaped, for: .file)
        #expect(glob.matches(text))
        #expect(!glob.matches(text + "x"))
    }

    @Test("stars agree with a plain recursive definition", arguments: 0..<400)
    func agreesWithDefinition(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        func random(_ alphabet: String, _ longest: Int) -> String {
            String(
                (0..<Int.random(in: 1...longest, using: &generator)).compactMap { _ in
                    alphabet.randomElement(using: &generator)
                })
        }
        let pattern = random("ab*?", 8)
        let text = random("ab", 10)
        #expect(try Glob(pattern, for: .text).matches(text) == Self.matches(Array(pattern)[...], Array(text)[...]))
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
        }
        guard let next = text.first, first == "?" || first == next else { return false }
        return matches(pattern.dropFirst(), text.dropFirst())
    }

    @Test("S51: patterns that make backtracking matchers explode are matched in linear time", .timeLimit(.minutes(1)))
    func linearTime() throws {
        let text = String(repeating: "a", count: 4_000)
        for pattern in [
            String(repeating: "a*", count: 40) + "b",
            String(repeating: "*", count: 1) + String(repeating: "{a,a*}", count: 60) + "b",
            String(repeating: "**a", count: 40) + "b",
        ] {
            #expect(try !Glob(pattern, for: .text).matches(text))
        }
    }

    @Test("two name patterns overlap exactly when a name satisfies both", arguments: 0..<300)
    func overlap(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        func pattern() -> String {
            String(
                (0..<Int.random(in: 1...4, using: &generator)).compactMap { _ in "ab*?".randomElement(using: &generator)
                })
        }
        let (left, right) = (SimpleWildcard(pattern()), SimpleWildcard(pattern()))
        var names = [""]
        var last = [""]
        for _ in 0..<8 {
            last = last.flatMap { [$0 + "a", $0 + "b"] }
            names += last
        }
        let expected = names.contains { left.matches($0) && right.matches($0) }
        #expect(left.overlaps(right) == expected, "\(left) \(right)")
        #expect(right.overlaps(left) == expected)
    }
}
