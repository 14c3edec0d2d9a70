/// The line at the end of every page.
enum Footer {
    static func view(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <footer class="foot"><span>Weir · \(t.tagline)</span>\
            <span class="foot-links"><a href="/api/gateway/v1/openapi.json">\(t.documentation)</a></span></footer>
            """
    }
}
