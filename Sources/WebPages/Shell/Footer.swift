/// The line at the end of every page.
enum Footer {
    static func view(_ context: PageContext) -> HTML {
        """
        <footer class="foot"><span>Weir · \(context.t.tagline)</span>\
        <a href="/api/gateway/v1/openapi.json">API</a></footer>
        """
    }
}
