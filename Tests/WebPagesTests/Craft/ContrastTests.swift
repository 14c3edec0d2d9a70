import Foundation
import Testing
import WebAssets

/// Text must stand out from what is behind it by 4.5 to 1, shapes that mean something by 3 to 1.
/// - SeeAlso: WCAG 2.2, success criteria 1.4.3 and 1.4.11; "relative luminance".
@Suite("Colours can be told apart")
struct ContrastTests {
    static let sheet = String(decoding: WebAssets.styles.first ?? [], as: UTF8.self)

    /// The colours of a theme, by name.
    static func colours(after selector: String) throws -> [String: String] {
        let start = try #require(sheet.range(of: selector))
        let block = sheet[start.upperBound...].prefix { $0 != "}" }
        var found: [String: String] = [:]
        for declaration in block.split(whereSeparator: { $0 == ";" || $0 == "{" }) {
            let parts = declaration.split(separator: ":", maxSplits: 1).map {
                String($0).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            if parts.count == 2, parts[0].hasPrefix("--"), parts[1].hasPrefix("#") {
                found[String(parts[0].dropFirst(2))] = parts[1]
            }
        }
        return found
    }

    static func luminance(_ colour: String) throws -> Double {
        var digits = String(colour.dropFirst())
        if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
        let number = try #require(Int(digits, radix: 16))
        func channel(_ shift: Int) -> Double {
            let value = Double(number >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    static func contrast(_ front: String, _ back: String) throws -> Double {
        let (one, other) = (try luminance(front), try luminance(back))
        return (max(one, other) + 0.05) / (min(one, other) + 0.05)
    }

    static let surfaces = ["bg", "surface", "sunken"]
    static let text: [(String, String)] =
        surfaces.flatMap { back in ["text", "text-2", "text-3", "link"].map { ($0, back) } }
        + ["text", "text-2", "text-3"].map { ($0, "hover") }
        + [
            ("on-accent", "accent"), ("on-accent", "accent-hover"), ("accent-ink", "accent-soft"),
            ("accent-ink", "surface"),
        ]
        + ["ok", "warn", "bad", "info"].flatMap { tone in
            [
                ("\(tone)-ink", "\(tone)-soft"), ("\(tone)-ink", "surface"), ("\(tone)-ink", "bg"),
                ("\(tone)-ink", "sunken"),
            ]
        }
    static let graphics: [(String, String)] =
        [
            "border-strong", "accent", "focus", "ok", "warn", "bad", "info", "model", "dataset", "space", "code",
            "collection",
            "c1", "c2", "c3", "c4", "c5", "c6",
        ].flatMap { front in [(front, "surface"), (front, "bg")] }

    @Test(
        "in both themes",
        arguments: [":root,[data-theme=light]", "[data-theme=dark]{", ":root:not([data-theme=light])"])
    func pairs(selector: String) throws {
        let colours = try Self.colours(after: selector)
        #expect(colours.count > 35, "\(selector)")
        for (pairs, least) in [(Self.text, 4.5), (Self.graphics, 3.0)] {
            for (front, back) in pairs {
                let (one, other) = (try #require(colours[front], "\(front)"), try #require(colours[back], "\(back)"))
                let contrast = try Self.contrast(one, other)
                #expect(contrast >= least, "\(selector): \(front) on \(back) is \(contrast)")
            }
        }
    }

    @Test("what is chosen and what the system asks for is the same dark")
    func sameDark() throws {
        #expect(try Self.colours(after: "[data-theme=dark]{") == Self.colours(after: ":root:not([data-theme=light])"))
    }

    @Test("a pair that cannot be read is found")
    func control() throws {
        #expect(try Self.contrast("#777777", "#888888") < 3)
        #expect(try abs(Self.contrast("#000", "#FFF") - 21) < 0.01)
    }
}
