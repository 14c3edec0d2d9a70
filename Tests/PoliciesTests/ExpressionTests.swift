import Testing

@testable import Policies

@Suite("Conditions")
struct ExpressionTests {
    static let facts = Facts(
        kind: "model", repository: "Acme/Demo", revision: "main", file: "unet/model.bin", fileSize: 3 << 30,
        totalSize: 10 << 30, licenses: .declared(["cc-by-nc-4.0"]), tags: ["pytorch", "license:mit"],
        languages: ["en", "zh"], downloads: 12, files: ["unet/model.bin", "model.safetensors"], user: "ann",
        organisation: "research")

    @Test(
        "conditions are true or false",
        arguments: [
            ("license.flags.exists(\"non-commercial\") && org != \"research\"", false),
            ("license.flags.exists(\"non-commercial\") && org != \"sales\"", true),
            ("repo.files.exists(\"*.safetensors\")", true), ("repo.startsWith(\"acme/\")", true),
            ("repo.matches('acme/*')", true), ("repo.owner == 'acme' && repo.name == 'demo'", true),
            ("size > 2GiB", true), ("size > 3GiB", false), ("size >= 3GiB && repo.size == 10GiB", true),
            ("license == 'CC-BY-NC-4.0'", true), ("license.id == \"cc-by-nc-4.0\"", true),
            ("'cc-by-nc-4.0' in license.ids", true), ("'mit' in license.ids", false),
            ("user in ['bob', 'Ann']", true), ("!(user == 'ann')", false), ("!!(user == 'ann')", true),
            ("file.endsWith('.bin') || file.contains('x')", true), ("tags.contains('pytorch')", true),
            ("tags.contains('torch')", false), ("size(tags) == 2 && language.size() < 3", true),
            ("has(license) && has(downloads) && !has(params)", true), ("true || params > 3", true),
            ("false && params > 3", false), ("downloads * 2 > 1", nil), ("kind in ['model', 'space',]", true),
            ("(file == 'UNET/MODEL.BIN')", true), ("1.5GiB < size", true),
        ] as [(String, Bool?)])
    func truth(_ text: String, _ expected: Bool?) throws {
        guard let expected else {
            #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
            return
        }
        let outcome = try ExpressionParser.parse(text).evaluate(Self.facts, isComplete: true)
        #expect(outcome.truth == expected)
    }

    @Test("what depends on an unknown fact is unknown, unless the rest decides")
    func unknown() throws {
        let facts = Facts(kind: "model", repository: "a/b")
        func outcome(_ text: String, complete: Bool = false) throws -> Expression.Outcome {
            try ExpressionParser.parse(text).evaluate(facts, isComplete: complete)
        }
        #expect(try outcome("size > 1GiB") == .init(truth: nil, missing: [.size]))
        #expect(try outcome("size > 1GiB && repo == 'x/y'").truth == false)
        #expect(try outcome("size > 1GiB || repo == 'a/b'").truth == true)
        #expect(try outcome("!(license == 'mit')") == .init(truth: nil, missing: [.license]))
        #expect(try outcome("has(license)").truth == nil)
        #expect(try outcome("has(params)", complete: true).truth == false)
    }

    @Test("nobody is the empty text, so that a rule for everybody else holds for anonymous users")
    func anonymous() throws {
        let facts = Facts(kind: "model", repository: "a/b")
        #expect(try ExpressionParser.parse("org != 'research'").evaluate(facts, isComplete: true).truth == true)
        #expect(try ExpressionParser.parse("user == ''").evaluate(facts, isComplete: true).truth == true)
    }

    @Test("deep nesting is an error")
    func deep() {
        let text = String(repeating: "(", count: 2_000) + "true" + String(repeating: ")", count: 2_000)
        #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
    }
}
