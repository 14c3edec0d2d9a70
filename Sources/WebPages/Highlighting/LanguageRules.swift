/// What words, strings and comments of a language look like.
struct LanguageRules: Sendable {
    struct Delimiter: Sendable {
        let open: [UInt8]
        let close: [UInt8]
        let hasEscapes: Bool
        /// Whether it may go on across lines.
        let isLong: Bool
        /// Whether the quote has another meaning, too.
        let isCharacter: Bool

        init(
            _ open: String, _ close: String? = nil, escapes: Bool = true, isLong: Bool = false,
            isCharacter: Bool = false
        ) {
            self.open = Array(open.utf8)
            self.close = Array((close ?? open).utf8)
            hasEscapes = escapes
            self.isLong = isLong
            self.isCharacter = isCharacter
        }
    }

    var lineComments: [[UInt8]] = []
    var blockComment: (open: [UInt8], close: [UInt8])?
    /// The longest first.
    var strings: [Delimiter] = [Delimiter("\""), Delimiter("'")]
    var keywords: Set<String> = []
    var types: Set<String> = []
    var literals: Set<String> = []
    /// What decorators, directives and variables start with.
    var metaMarks: [UInt8] = []
    var hasCalls = true
    var hasKeys = false
    var hasDirectives = false
    var hasPrefixedStrings = false
    var ignoresCase = false
    var wordsHaveHyphens = false
    var commentsNeedSpace = false

    static func of(_ language: SourceLanguage) -> LanguageRules {
        switch language {
        case .python: python
        case .json: json
        case .shell, .dockerfile: shell
        case .javascript: javascript
        case .c: c
        case .swift: swift
        case .rust: rust
        case .go: go
        case .sql: sql
        case .yaml, .toml, .markdown, .html: values
        }
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static let slashes = (open: bytes("/*"), close: bytes("*/"))

    static let python = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("#")]
        rules.strings = [
            Delimiter("\"\"\"", isLong: true), Delimiter("'''", isLong: true), Delimiter("\""), Delimiter("'"),
        ]
        rules.keywords = words(
            """
            and as assert async await break case class continue def del elif else except finally for from global if
            import in is lambda match nonlocal not or pass raise return try while with yield
            """)
        rules.types = words(
            """
            int float str bool bytes list dict set tuple object type self cls super print len range open enumerate zip
            map filter isinstance Exception ValueError TypeError KeyError
            """)
        rules.literals = words("True False None NotImplemented Ellipsis")
        rules.metaMarks = bytes("@")
        rules.hasPrefixedStrings = true
        return rules
    }()

    static let json = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("\"")]
        rules.literals = words("true false null NaN Infinity")
        rules.hasKeys = true
        rules.hasCalls = false
        return rules
    }()

    /// Of lines that have a key in front.
    static let values = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("#")]
        rules.commentsNeedSpace = true
        rules.literals = words("true false null yes no on off True False Null None")
        rules.metaMarks = bytes("&*!")
        rules.hasCalls = false
        rules.hasKeys = true
        rules.wordsHaveHyphens = true
        return rules
    }()

    static let shell = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("#")]
        rules.commentsNeedSpace = true
        rules.strings = [Delimiter("\"", isLong: true), Delimiter("'", escapes: false, isLong: true), Delimiter("`")]
        rules.keywords = words(
            """
            if then else elif fi for while until do done case esac in function select time return exit break continue
            export local readonly declare unset shift source set trap eval exec sudo
            """)
        rules.types = words(
            """
            cd echo printf test read cat grep sed awk curl wget git pip pip3 python python3 docker mkdir rm cp mv ls tar
            chmod huggingface-cli hf conda uv apt apt-get make npm
            """)
        rules.literals = words("true false")
        rules.metaMarks = bytes("$")
        rules.hasCalls = false
        rules.wordsHaveHyphens = true
        return rules
    }()

    static let javascript = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("\""), Delimiter("'"), Delimiter("`", isLong: true)]
        rules.keywords = words(
            """
            async await break case catch class const continue debugger default delete do else export extends finally for
            from function get if implements import in instanceof interface let new of return set static super switch
            this throw try type typeof var void while with yield enum namespace declare readonly private public protected
            abstract as
            """)
        rules.types = words(
            "Array Boolean Date Error Map Number Object Promise RegExp Set String Symbol any boolean never number string unknown console"
        )
        rules.literals = words("true false null undefined NaN Infinity")
        rules.metaMarks = bytes("@")
        return rules
    }()

    static let c = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.keywords = words(
            """
            alignas alignof asm auto break case catch class concept const consteval constexpr const_cast continue
            co_await co_return co_yield decltype default delete do dynamic_cast else enum explicit export extern final
            for friend goto if inline mutable namespace new noexcept operator override private protected public register
            reinterpret_cast requires return sizeof static static_assert static_cast struct switch template this throw try
            typedef typeid typename union using virtual volatile while __global__ __device__ __shared__ __host__
            __restrict__ abstract extends implements import interface package instanceof super synchronized throws fun val
            var when object internal is as in out get set message service rpc
            """)
        rules.types = words(
            """
            bool char char8_t char16_t char32_t double float int long short signed unsigned void wchar_t size_t ssize_t
            int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t string vector map std String Integer boolean
            byte half float16 bfloat16 float2 float4 dim3
            """)
        rules.literals = words("true false nullptr NULL null")
        rules.metaMarks = bytes("#@")
        rules.hasDirectives = true
        return rules
    }()

    static let swift = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("\"\"\"", isLong: true), Delimiter("\"")]
        rules.keywords = words(
            """
            actor any as associatedtype async await borrowing break case catch class consuming continue convenience
            default defer deinit do else enum extension fallthrough fileprivate final for func get guard if import in
            indirect infix init inout internal is isolated lazy let mutating nonisolated nonmutating open operator
            optional override package postfix precedencegroup prefix private protocol public repeat required rethrows
            return self set some static struct subscript super switch throw throws try typealias unowned var weak where
            while
            """)
        rules.types = words(
            "Self Any Bool Character Double Float Int Int8 Int16 Int32 Int64 UInt UInt8 UInt16 UInt32 UInt64 String Substring Array Dictionary Set Optional Result Error Sendable Void Never"
        )
        rules.literals = words("true false nil")
        rules.metaMarks = bytes("@#")
        return rules
    }()

    static let rust = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("\"", isLong: true), Delimiter("'", isCharacter: true)]
        rules.keywords = words(
            """
            as async await break const continue crate dyn else enum extern fn for if impl in let loop macro_rules match
            mod move mut pub ref return self static struct super trait type union unsafe use where while
            """)
        rules.types = words(
            """
            Self bool char f16 f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize String Vec Option Result
            Box Rc Arc HashMap
            """)
        rules.literals = words("true false None Some Ok Err")
        rules.hasPrefixedStrings = true
        return rules
    }()

    static let go = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("//")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("\""), Delimiter("'"), Delimiter("`", escapes: false, isLong: true)]
        rules.keywords = words(
            """
            break case chan const continue default defer else fallthrough for func go goto if import interface map
            package range return select struct switch type var module require replace
            """)
        rules.types = words(
            """
            any bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8
            uint16 uint32 uint64 uintptr append cap close copy len make new panic recover
            """)
        rules.literals = words("true false nil iota")
        return rules
    }()

    static let sql = {
        var rules = LanguageRules()
        rules.lineComments = [bytes("--")]
        rules.blockComment = slashes
        rules.strings = [Delimiter("'", escapes: false, isLong: true), Delimiter("\"", escapes: false)]
        rules.keywords = words(
            """
            add all alter and as asc begin between by case check column commit constraint create cross default delete
            desc distinct drop else end except exists explain filter foreign from full group having if in index inner
            insert intersect into is join key left like limit not offset on or order outer over partition primary
            references returning right rollback select set table then transaction trigger union unique update using values
            view when where window with without
            """)
        rules.types = words(
            "bigint blob boolean char date decimal double float int integer json jsonb numeric real smallint text time timestamp uuid varchar"
        )
        rules.literals = words("true false null")
        rules.ignoresCase = true
        return rules
    }()
}
