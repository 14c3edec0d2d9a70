import HTTPTypes
import HubCore
import WebPages

/// The language and theme somebody reads in: chosen in the address, kept in a cookie, or asked for by the browser.
struct WebPreferences: Sendable {
    let language: Language
    let theme: PageContext.Theme

    private static let languageCookie = "weir-lang"
    private static let themeCookie = "weir-theme"
    /// Seconds for which a choice is kept: one year.
    private static let age = 31_536_000

    init(_ request: HubRequest) {
        let cookies = Self.cookies(request)
        let wanted = request.query.first("lang").flatMap(Language.init(rawValue:))
        language =
            wanted ?? cookies[Self.languageCookie].flatMap(Language.init(rawValue:))
            ?? request.headers[.acceptLanguage].flatMap { Language(preferred: $0) } ?? .english
        theme = cookies[Self.themeCookie].flatMap(PageContext.Theme.init(rawValue:)) ?? .automatic
    }

    /// The answer to a request whose address makes a choice; nil when it makes none.
    static func choice(in request: HubRequest) -> HubResponse? {
        guard request.method == .get else { return nil }
        let language = request.query.first("lang").flatMap(Language.init(rawValue:))
        let theme = request.query.first("theme").flatMap(PageContext.Theme.init(rawValue:))
        guard language != nil || theme != nil else { return nil }
        let rest = QueryParameters(request.query.pairs.filter { $0.name != "lang" && $0.name != "theme" })
        // A path that starts with two slashes would name another host.
        let path = "/" + request.rawPath.drop { $0 == "/" }
        var response = HubResponse.redirect(
            to: rest.pairs.isEmpty ? path : "\(path)?\(rest.encoded)", status: 303)
        if let language { response.headers.append(cookie(languageCookie, language.rawValue)) }
        if let theme { response.headers.append(cookie(themeCookie, theme.rawValue)) }
        return response
    }

    /// What keeps choices that were made on a page of their own.
    static func cookies(language: Language?, theme: PageContext.Theme?) -> [HTTPField] {
        [
            language.map { cookie(languageCookie, $0.rawValue) }, theme.map { cookie(themeCookie, $0.rawValue) },
        ].compactMap(\.self)
    }

    private static func cookie(_ name: String, _ value: String) -> HTTPField {
        HTTPField(name: .setCookie, value: "\(name)=\(value); Max-Age=\(age); Path=/; SameSite=Lax")
    }

    private static func cookies(_ request: HubRequest) -> [String: String] {
        var found: [String: String] = [:]
        for field in request.headers where field.name == .cookie {
            for pair in field.value.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                found[String(parts[0].trimmed)] = String(parts[1].trimmed)
            }
        }
        return found
    }
}
