import Foundation
import Testing
import WebAssets

@Suite("What the website's sources may not hold")
struct SourceRulesTests {
    static let pages =
        SourceText.files(below: "Sources/WebPages", suffix: ".swift")
        + SourceText.files(below: "Sources/HubServer/Web", suffix: ".swift")
    static let scripts = SourceText.files(below: "Sources/WebAssets/Files", suffix: ".mjs")
    static let sheets = SourceText.files(below: "Sources/WebAssets/Files", suffix: ".css")

    /// Files that make markup from bytes which were checked or made there.
    static let trusted = [
        "Sources/WebPages/HTML/HTML.swift", "Sources/WebPages/Markdown/", "Sources/WebPages/Highlight",
    ]

    private static func matches(_ pattern: String, in files: [(path: String, text: String)]) throws -> [String] {
        let regex = try Regex(pattern)
        return files.flatMap { file in
            file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                let code = line.drop { $0 == " " }
                guard !code.hasPrefix("//"), !code.hasPrefix("/*"), !code.hasPrefix("* "), code.contains(regex) else {
                    return nil
                }
                return "\(file.path):\(index + 1): \(code)"
            }
        }
    }

    @Test("the policy that pages are sent with allows neither styles nor handlers in them")
    func attributes() throws {
        #expect(try Self.matches(#"[ "](style|on[a-z]{4,})=\\?["\\]"#, in: Self.pages) == [])
        #expect(
            try Self.matches(
                #"<script(?! )|<style|"javascript:|\beval\(|new Function|setAttribute\("style""#,
                in: Self.pages + Self.scripts) == [])
    }

    @Test("markup is taken on trust in few places")
    func trust() throws {
        let found = try Self.matches(#"HTML\(trusted:"#, in: Self.pages).filter { line in
            !Self.trusted.contains { line.hasPrefix($0) }
        }
        #expect(found == [])
    }

    @Test("colours are named in one sheet")
    func colours() throws {
        let others = Self.sheets.filter { !$0.path.hasSuffix("tokens.css") }
        #expect(others.count >= 8)
        #expect(
            try Self.matches(
                #"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)|\b(rgba?|hsla?|oklch|lab|lch)\(|:\s*(white|black|red|green|blue|gray|grey)\b"#,
                in: others) == [])
    }

    @Test("sheets use no token that is not there")
    func tokens() throws {
        let defined = Set(Self.sheets.flatMap { $0.text.matches(of: /--([a-z0-9-]+)\s*:/).map { String($0.output.1) } })
        for sheet in Self.sheets {
            for use in sheet.text.matches(of: /var\(--([a-z0-9-]+)\s*[),]/) {
                #expect(defined.contains(String(use.output.1)), "\(sheet.path): --\(use.output.1)")
            }
        }
    }

    @Test("nothing is loaded from elsewhere")
    func elsewhere() throws {
        #expect(
            try Self.matches(
                #"(src|action|import\(|@import|url\()\s*=?\s*\\?["']?https?:"#,
                in: Self.pages + Self.scripts + Self.sheets) == [])
    }

    @Test("sheets that others write stay in their layer")
    func layers() {
        for sheet in Self.sheets where !sheet.path.hasSuffix("tokens.css") {
            #expect(sheet.text.contains("@layer "), "\(sheet.path)")
        }
    }
}
