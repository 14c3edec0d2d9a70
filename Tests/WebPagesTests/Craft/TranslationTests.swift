import Foundation
import Testing

@testable import WebPages

@Suite("Every text has both languages")
struct TranslationTests {
    /// Tables of names in both languages, what codes mean where the hub's messages are English, and code for people to
    /// paste.
    static let tables = [
        "Language.swift", "LanguageNames.swift", "TaskNames.swift", "L10n+Errors.swift", "Snippets.swift",
    ]

    static let calls: [PickCall] = SourceText.files(below: "Sources/WebPages", suffix: ".swift").flatMap { file in
        PickCall.calls(in: file.text, file: file.path).calls
    }

    @Test("translations are found by the test at all")
    func found() {
        #expect(Self.calls.count > 100)
        let sample = PickCall.calls(in: #"x { pick(en: "a \(b("c")) d", zh: "甲 \(b("c"))") }"#, file: "").calls
        #expect(sample.first?.literals["en"] == [#"a \(b("c")) d"#])
        #expect(sample.first?.interpolations("zh") == [#"b("c")"#])
    }

    @Test("both languages hold the same arguments")
    func arguments() {
        for call in Self.calls where call.literals["zh"] != nil {
            let english = call.interpolations(call.literals["en"] != nil ? "en" : "many")
            let chinese = call.interpolations("zh")
            #expect(english == chinese, "\(call.file):\(call.line): \(english.symmetricDifference(chinese))")
        }
    }

    @Test("Chinese texts are Chinese, English ones are not")
    func languages() {
        for call in Self.calls {
            for text in call.literals["zh"] ?? [] {
                // A single word may be a name; two are a sentence that somebody forgot.
                let isName = !text.contains(" ") || text.allSatisfy { !$0.isLetter }
                #expect(
                    SourceText.hasChinese(text) || isName || text.hasPrefix("\\("), "\(call.file):\(call.line): \(text)"
                )
            }
            for label in ["en", "one", "many"] {
                for text in call.literals[label] ?? [] {
                    #expect(!SourceText.hasChinese(text), "\(call.file):\(call.line): \(text)")
                }
            }
        }
    }

    @Test("Chinese texts are set with Chinese punctuation")
    func punctuation() throws {
        let wrong = try Regex(
            "[\\x{4E00}-\\x{9FFF}][,;!?]|[,;!?][\\x{4E00}-\\x{9FFF}]|[\\x{4E00}-\\x{9FFF}]\\.( |$)|'[\\x{4E00}-\\x{9FFF}]"
        )
        for call in Self.calls {
            for text in call.literals["zh"] ?? [] {
                #expect(text.firstMatch(of: wrong) == nil, "\(call.file):\(call.line): \(text)")
            }
        }
    }

    @Test("no text for people stands outside the translations")
    func nothingElse() throws {
        let sentence = try Regex(">[^<>\\\\\"]*[A-Za-z]{2,} [a-z]{2,}[^<>\\\\\"]*<")
        for file in SourceText.files(below: "Sources/WebPages", suffix: ".swift") {
            let rest = PickCall.calls(in: file.text, file: file.path).rest
            for line in rest.split(separator: "\n") {
                let code = line.drop { $0 == " " }
                guard !code.hasPrefix("//") else { continue }
                let isShared = Self.tables.contains { file.path.hasSuffix($0) }
                #expect(isShared || !SourceText.hasChinese(code), "\(file.path): \(code)")
                guard code.contains(">"), code.contains("<") else { continue }
                #expect(code.firstMatch(of: sentence) == nil, "\(file.path): \(code)")
            }
        }
    }
}
