/// What tasks are called and what they are, in both languages: one table for rows, facets and the pages of tasks.
package enum TaskNames {
    private struct Entry {
        let english: String
        let chinese: String
        let definition: (en: String, zh: String)
    }

    /// The task's name; the word itself for one that nobody named.
    package static func name(_ task: String, _ t: L10n) -> String {
        guard let entry = table[task] else { return task }
        return t.pick(en: entry.english, zh: entry.chinese)
    }

    /// What the task is, in one line; nil for one that nobody described.
    package static func definition(_ task: String, _ t: L10n) -> String? {
        table[task].map { t.pick(en: $0.definition.en, zh: $0.definition.zh) }
    }

    /// Every task that has a name.
    package static var all: [String] { table.keys.sorted() }

    private static let table: [String: Entry] = {
        var table: [String: Entry] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: "|").map(String.init)
            guard parts.count == 5 else { continue }
            table[parts[0]] = Entry(english: parts[1], chinese: parts[2], definition: (en: parts[3], zh: parts[4]))
        }
        return table
    }()

    /// Word, name in English and Chinese, definition in both.
    private static let lines = """
        text-generation|Text generation|文本生成|Continues or answers a text, as chat assistants do.|续写或回答文本，例如对话助手。
        text-classification|Text classification|文本分类|Puts a text into classes, such as its sentiment or topic.|为文本划分类别，例如情感或主题。
        token-classification|Token classification|词元分类|Labels words of a text, such as names of people and places.|为文本中的词打标签，例如人名和地名。
        question-answering|Question answering|问答|Finds the answer to a question in a given text.|在给定文本中找出问题的答案。
        table-question-answering|Table question answering|表格问答|Answers questions about a table.|回答与表格有关的问题。
        zero-shot-classification|Zero-shot classification|零样本分类|Puts texts into classes that it was never trained on.|把文本归入训练中未见过的类别。
        translation|Translation|翻译|Says a text in another language.|把文本译成另一种语言。
        summarization|Summarization|摘要|Says a long text in few sentences.|用几句话概括长文本。
        feature-extraction|Feature extraction|特征提取|Turns data into vectors for search and comparison.|把数据转换为向量，用于检索与比较。
        sentence-similarity|Sentence similarity|句子相似度|Tells how near two texts are in meaning.|衡量两段文本含义的接近程度。
        text-ranking|Text ranking|文本排序|Orders texts by how well they fit a question.|按与问题的相关程度为文本排序。
        fill-mask|Fill mask|完形填空|Fills a gap in a text.|补全文本中的空缺。
        text-to-image|Text to image|文生图|Paints a picture from a description.|根据描述生成图像。
        image-to-image|Image to image|图生图|Makes one picture out of another.|由一幅图像生成另一幅图像。
        image-to-text|Image to text|图生文|Describes or reads what a picture shows.|描述或识别图像内容。
        image-text-to-text|Image-text to text|图文生文|Answers in text about pictures and text.|根据图像与文本生成文本回答。
        image-classification|Image classification|图像分类|Puts pictures into classes.|为图像划分类别。
        image-segmentation|Image segmentation|图像分割|Finds which pixels belong to what.|判定像素各属于什么对象。
        image-feature-extraction|Image feature extraction|图像特征提取|Turns pictures into vectors.|把图像转换为向量。
        zero-shot-image-classification|Zero-shot image classification|零样本图像分类|Puts pictures into classes named only in words.|按文字给出的类别为图像分类。
        object-detection|Object detection|目标检测|Finds things in a picture and where they are.|找出图像中的物体及其位置。
        depth-estimation|Depth estimation|深度估计|Tells how far away each point of a picture is.|估计图像中各点的远近。
        text-to-video|Text to video|文生视频|Makes a film from a description.|根据描述生成视频。
        image-to-video|Image to video|图生视频|Sets a picture in motion.|让静态图像动起来。
        video-classification|Video classification|视频分类|Puts films into classes.|为视频划分类别。
        automatic-speech-recognition|Speech recognition|语音识别|Writes down what is said.|把语音转写为文字。
        text-to-speech|Text to speech|语音合成|Reads a text aloud.|把文本读出来。
        text-to-audio|Text to audio|文生音频|Makes sound or music from a description.|根据描述生成声音或音乐。
        audio-classification|Audio classification|音频分类|Puts sounds into classes.|为声音划分类别。
        audio-to-audio|Audio to audio|音频转换|Makes one sound out of another, such as without noise.|由一段音频得到另一段，例如降噪。
        reinforcement-learning|Reinforcement learning|强化学习|Learns to act by being rewarded.|通过奖励学会行动。
        robotics|Robotics|机器人|Moves robots from what they see and are told.|根据所见与指令控制机器人。
        tabular-classification|Tabular classification|表格分类|Puts rows of a table into classes.|为表格中的行划分类别。
        tabular-regression|Tabular regression|表格回归|Predicts a number from a row of a table.|根据表格中的一行预测数值。
        time-series-forecasting|Time series forecasting|时间序列预测|Predicts how a series of numbers goes on.|预测数值序列的走向。
        visual-question-answering|Visual question answering|视觉问答|Answers questions about a picture.|回答与图像有关的问题。
        document-question-answering|Document question answering|文档问答|Answers questions about a scanned page.|回答与文档页面有关的问题。
        any-to-any|Any to any|任意模态|Takes and gives text, pictures and sound alike.|可接收并生成文本、图像与声音。
        graph-ml|Graph machine learning|图机器学习|Learns from things and how they are linked.|从事物及其关联中学习。
        text-to-3d|Text to 3D|文生三维|Makes a solid shape from a description.|根据描述生成三维模型。
        image-to-3d|Image to 3D|图生三维|Makes a solid shape from a picture.|根据图像生成三维模型。
        multiple-choice|Multiple choice|多项选择|Picks the right answer out of several.|从多个选项中选出正确答案。
        """
}

/// What licences are called and what they ask for.
package enum LicenseNames {
    /// The name by which people know a licence; the identifier itself for one that nobody named.
    package static func name(_ license: String, _ t: L10n) -> String { entry(license)?.name ?? license }

    /// What it asks for, in one line; nil for one that nobody described.
    package static func definition(_ license: String, _ t: L10n) -> String? {
        entry(license).map { t.pick(en: $0.en, zh: $0.zh) }
    }

    private static func entry(_ license: String) -> (name: String, en: String, zh: String)? {
        table[license.lowercased()]
    }

    private static let table: [String: (name: String, en: String, zh: String)] = {
        var table: [String: (name: String, en: String, zh: String)] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: "|").map(String.init)
            guard parts.count == 4 else { continue }
            table[parts[0]] = (name: parts[1], en: parts[2], zh: parts[3])
        }
        return table
    }()

    private static let lines = """
        apache-2.0|Apache 2.0|Any use, with notice and licence kept; grants patents.|可任意使用，须保留声明与许可证；授予专利许可。
        mit|MIT|Any use, with notice and licence kept.|可任意使用，须保留版权声明与许可证。
        bsd-2-clause|BSD 2-Clause|Any use, with notice and licence kept.|可任意使用，须保留版权声明与许可证。
        bsd-3-clause|BSD 3-Clause|Any use with the notice kept, and no use of the authors' names.|可任意使用，须保留声明，不得以作者名义背书。
        gpl-3.0|GPL 3.0|What is passed on must be under the same licence, with its source.|再分发时须采用相同许可证并提供源代码。
        agpl-3.0|AGPL 3.0|The same, and for what is offered over a network too.|同 GPL，且通过网络提供服务时同样适用。
        lgpl-3.0|LGPL 3.0|Changes to the work itself must be under the same licence.|对作品本身的修改须采用相同许可证。
        mpl-2.0|MPL 2.0|Changed files must be under the same licence.|被修改的文件须采用相同许可证。
        cc0-1.0|CC0 1.0|Given up to the public domain.|放弃权利，归入公共领域。
        cc-by-4.0|CC BY 4.0|Any use, if the author is named.|可任意使用，须署名。
        cc-by-sa-4.0|CC BY-SA 4.0|Any use, if the author is named and what is made of it is shared alike.|可任意使用，须署名并以相同方式共享。
        cc-by-nc-4.0|CC BY-NC 4.0|No commercial use; the author is named.|不得用于商业用途，须署名。
        cc-by-nc-sa-4.0|CC BY-NC-SA 4.0|No commercial use; named and shared alike.|不得用于商业用途，须署名并以相同方式共享。
        cc-by-nd-4.0|CC BY-ND 4.0|To be passed on unchanged; the author is named.|只能原样分发，须署名。
        openrail|OpenRAIL|Any use but those it forbids, which is to be passed on.|除禁止用途外均可使用，限制须一并传递。
        creativeml-openrail-m|CreativeML OpenRAIL-M|Any use but those it forbids, which is to be passed on.|除禁止用途外均可使用，限制须一并传递。
        llama2|Llama 2|Commercial use below 700 million users a month; uses are restricted.|月活 7 亿以下可商用，用途受限。
        llama3|Llama 3|Commercial use below 700 million users a month; the name must be kept.|月活 7 亿以下可商用，须保留名称。
        llama3.1|Llama 3.1|Commercial use below 700 million users a month; the name must be kept.|月活 7 亿以下可商用，须保留名称。
        gemma|Gemma|Commercial use within Google's list of forbidden uses.|可商用，须遵守谷歌的禁止用途清单。
        unknown|Unknown|Nobody says under which terms it may be used.|未说明使用条款。
        other|Other|Terms of its own: read them first.|自有条款，请先阅读。
        """
}
