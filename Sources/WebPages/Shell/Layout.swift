/// The frame around every page.
package enum Layout {
    /// The whole document.
    package static func document(_ page: Page, _ context: PageContext) -> HTML {
        let theme: String? = context.theme == .automatic ? nil : context.theme.rawValue
        // Without pictures, words stand where they would.
        let plain: String? = context.assets.vendor("icons.svg") == nil ? "plain" : nil
        return """
            <!doctype html>
            <html lang="\(context.t.language.tag)"\(attribute: "data-theme", theme)\(attribute: "class", plain)>
            \(head(page, context))
            <body data-copied="\(context.t.copied)">
            <a class="skip" href="#main">\(context.t.skipToContent)</a>
            \(AppBar.view(page.section, context))
            <main id="main" class="\(page.isWide ? "page wide" : "page")" tabindex="-1">
            \(page.body)
            </main>
            <div id="toasts" class="toasts" role="status" aria-live="polite">\(Toast.done(context, unless: page))</div>
            \(Footer.view(context))
            \(KeysDialog.view(context))
            </body>
            </html>
            """
    }

    private static func head(_ page: Page, _ context: PageContext) -> HTML {
        """
        <head>
        <meta charset="utf-8">
        <title>\(page.title) · Weir</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="same-origin">
        <meta name="csrf" content="\(context.csrf)">
        <meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true}'>
        \(refresh(page))\
        <link rel="stylesheet" href=\(url: context.assets.own("weir.css"))>
        \(font(context))\
        <link rel="icon" type="image/svg+xml" href=\(url: context.assets.own("mark.svg"))>
        \(scripts(context))
        </head>
        """
    }

    private static func refresh(_ page: Page) -> HTML {
        guard let seconds = page.refresh else { return HTML() }
        return "<noscript><meta http-equiv=\"refresh\" content=\"\(seconds)\"></noscript>\n"
    }

    private static func font(_ context: PageContext) -> HTML {
        guard let inter = context.assets.vendor("fonts/inter.woff2") else { return HTML() }
        return "<link rel=\"preload\" as=\"font\" type=\"font/woff2\" crossorigin href=\(url: inter)>\n"
    }

    private static func scripts(_ context: PageContext) -> HTML {
        let own: HTML = "<script type=\"module\" src=\(url: context.assets.own("shell.mjs"))></script>"
        guard let htmx = context.assets.vendor("htmx/htmx.min.js") else { return own }
        return "<script defer src=\(url: htmx)></script>\n\(own)"
    }
}
