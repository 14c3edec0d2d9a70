/// What languages are called that cards name by their code.
package enum LanguageNames {
    /// The language's name; the code itself for one that is not in the table.
    package static func name(_ code: String, _ t: L10n) -> String {
        guard let names = table[code.lowercased()] else { return code }
        return t.pick(en: names.english, zh: names.chinese)
    }

    private static let table: [String: (english: String, chinese: String)] = {
        var table: [String: (english: String, chinese: String)] = [:]
        for entry in entries.split(whereSeparator: \.isNewline) {
            let parts = entry.split(separator: "|").map(String.init)
            guard parts.count == 3 else { continue }
            table[parts[0]] = (english: parts[1], chinese: parts[2])
        }
        return table
    }()

    /// Code, name in English and Chinese.
    private static let entries = """
        ar|Arabic|阿拉伯语
        bg|Bulgarian|保加利亚语
        bn|Bengali|孟加拉语
        ca|Catalan|加泰罗尼亚语
        cs|Czech|捷克语
        da|Danish|丹麦语
        de|German|德语
        el|Greek|希腊语
        en|English|英语
        es|Spanish|西班牙语
        et|Estonian|爱沙尼亚语
        fa|Persian|波斯语
        fi|Finnish|芬兰语
        fr|French|法语
        he|Hebrew|希伯来语
        hi|Hindi|印地语
        hr|Croatian|克罗地亚语
        hu|Hungarian|匈牙利语
        id|Indonesian|印度尼西亚语
        it|Italian|意大利语
        ja|Japanese|日语
        km|Khmer|高棉语
        ko|Korean|韩语
        lo|Lao|老挝语
        lt|Lithuanian|立陶宛语
        lv|Latvian|拉脱维亚语
        ms|Malay|马来语
        multilingual|Multilingual|多语言
        my|Burmese|缅甸语
        nl|Dutch|荷兰语
        no|Norwegian|挪威语
        pl|Polish|波兰语
        pt|Portuguese|葡萄牙语
        ro|Romanian|罗马尼亚语
        ru|Russian|俄语
        sk|Slovak|斯洛伐克语
        sl|Slovenian|斯洛文尼亚语
        sr|Serbian|塞尔维亚语
        sv|Swedish|瑞典语
        sw|Swahili|斯瓦希里语
        ta|Tamil|泰米尔语
        te|Telugu|泰卢固语
        th|Thai|泰语
        tl|Tagalog|他加禄语
        tr|Turkish|土耳其语
        uk|Ukrainian|乌克兰语
        ur|Urdu|乌尔都语
        vi|Vietnamese|越南语
        yue|Cantonese|粤语
        zh|Chinese|中文
        """
}
