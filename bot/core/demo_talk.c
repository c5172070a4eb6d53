/* What the demo's members wrote: pools of short notes by topic and language, taken in
 * turn. Data, not words of the program: notes are in no catalogue. No note here holds
 * words that would make it off the record. */
#include "bot/core/demo_private.h"

static const char *const early_en[] = {
    "they keep everything in spreadsheets, three people merge them by hand",
    "asked twice who else in the region uses it",
    "budget holder is somebody we have not met yet",
    "liked the idea, wants to see it with their own data",
    "the present vendor's contract ends in spring",
    "friendly, but no date and no name of who decides",
    "IT was in the room and did not say a word",
    "wants a two-page summary to pass upwards",
    "main pain is the monthly report, takes four days",
    "had a bad experience with a cloud tool two years ago",
    "asked for a list of what we do not do",
    "needs it to work with the system they already have",
    "a reorganisation is coming, new head from next month",
    "opened the meeting by asking for a price",
    "they will bring operations next time",
    "first call, mostly listening. Two real problems, one of them ours",
};
static const char *const early_ja[] = {
    "現状はすべて表計算。月末に三人で突き合わせている",
    "導入事例を二度聞かれた。同業の例がほしいとのこと",
    "決裁者にはまだ会えていない",
    "課題は共有できた。ただし時期の話は出ず",
    "今の業者との契約は来春まで",
    "資料を上に見せたいので二枚にまとめてほしいと言われた",
    "情シスが同席。最後まで質問なし",
    "まず自社のデータで試したいとのこと",
    "過去にクラウドで失敗した経験あり。慎重",
    "組織変更が近い。来月から部長が替わる",
    "現場は困っているが、上には伝わっていない様子",
    "できないことの一覧を先にほしいと言われた",
    "次回は運用部門も呼んでくれる",
    "最初から価格を聞かれた",
    "月次報告に四日かかっている。ここが一番の悩み",
    "顔合わせ。話の半分は前任者への不満だった",
};
static const char *const offer_en[] = {
    "walked through the quote, no comment on the price",
    "asked for the same thing with half the users",
    "wants the set-up fee spread over the year",
    "they compared us with one other, would not say which",
    "demo went well until the export, fix it before the next one",
    "asked how long it takes to get going, twice",
    "needs the long version of the security sheet",
    "operations is worried about training the staff",
    "they like the phone screen best",
    "wants a reference call with somebody of their size",
    "the second half of the quote must go, first half can start",
    "asked whether the partner stays after go-live",
    "procurement joined for the first time",
    "sent the revised quote, they will read it together on Monday",
    "wants to start small with one department",
    "they moved the decision by two weeks",
};
static const char *const offer_ja[] = {
    "見積もりを説明。金額への反応はなし",
    "利用者を半分にした見積もりを求められた",
    "初期費用を月割りにできないかとの相談",
    "他社一社と比較中。社名は教えてもらえず",
    "デモは好評。出力だけもたついたので次回までに直す",
    "いつから使えるかを二度聞かれた",
    "現場への教育を心配している",
    "スマホの画面が一番受けた",
    "同じ規模の会社の話を聞きたいとのこと",
    "一部門から小さく始めたい意向",
    "購買が初めて同席",
    "修正見積もりを送付。月曜に社内で見るそう",
    "稼働後もパートナーが残るのかと聞かれた",
    "判断は二週間先に延びた",
    "競合の画面を見せてくれた。うちの方が早いと",
    "比較表を作ってほしいと頼まれた",
};
static const char *const late_en[] = {
    "legal wants the liability cap in the main text",
    "two questions left from security, both answerable",
    "the paper is going round, nobody to push this week",
    "they asked for the exact start date",
    "needs the audit report before month end",
    "counter-signature waits for a director who travels until Thursday",
    "legal changed one word, we can live with it",
    "asked us to have the project plan ready",
    "price is agreed, only the notice period is open",
    "one department head has not been briefed, going there first",
    "they want named people for the first three months",
    "all comments are in, clean version sent",
    "finance asks to be invoiced in the next quarter",
    "quiet today, everybody waits for the board",
};
static const char *const late_ja[] = {
    "法務から責任上限の書き方で指摘",
    "セキュリティの質問は残り二つ。どちらも答えられる",
    "書類は回付中。今週は動かさない",
    "開始日を具体的に聞かれた",
    "監査報告書を月末までにほしいとのこと",
    "役員が出張中。戻りは木曜",
    "契約書は一語だけ修正。問題なし",
    "体制図を先に用意してほしいと言われた",
    "金額は合意。解約予告の期間だけが残った",
    "説明が済んでいない部長が一人いる。先に伺う",
    "最初の三か月は担当者を固定してほしい",
    "指摘はすべて反映して送付",
    "請求は次の四半期にしてほしいと経理から",
    "静かな週。役員会待ち",
};
static const char *const after_en[] = {
    "three people use it daily, no complaints",
    "one complaint about fonts, otherwise quiet",
    "they are happy, will talk about a second team next quarter",
    "asked for a short training for new staff",
    "asked for a second login for the night shift",
    "this month's numbers look right",
};
static const char *const after_ja[] = {
    "三名が毎日使っている。不満なし",
    "文字の大きさだけ指摘あり。ほかは静か",
    "評判は上々。来期に別部門の話が出そう",
    "新人向けの短い研修を頼まれた",
    "夜勤用にもう一つ権限がほしいとのこと",
    "今月の数字を確認。想定どおり",
};
static const char *const partner_en[] = {
    "went through the list of accounts, four worth a visit",
    "their new hire sits in on our calls from now on",
    "asked for a deck they can put their own logo on",
    "two of their people will take the training next month",
    "they are busy with their own campaign until month end",
    "agreed who opens which account",
    "wants a bigger margin for accounts they bring themselves",
    "no new names this month",
    "their sales head came along, good sign",
    "they asked how other partners do it",
    "monthly review, short. Pipeline unchanged",
    "promised three introductions, sent one",
    "their best person moves to another team",
    "joint seminar: they bring the room, we bring the speaker",
    "mostly about family this time. Worth it",
    "want to see the road map before they push again",
};
static const char *const partner_ja[] = {
    "顧客リストを一緒に確認。訪問したいのは四社",
    "新任の担当者が今後の打ち合わせに同席",
    "先方のロゴを入れられる資料がほしいとのこと",
    "来月の研修に二名参加予定",
    "月末までは自社の案件で手一杯",
    "どの会社をどちらから開けるか決めた",
    "自社で連れてきた案件は料率を上げてほしいとの相談",
    "今月は新しい名前なし",
    "営業責任者が同席。良い兆し",
    "他のパートナーの進め方を聞かれた",
    "月例。動きなし",
    "紹介三社の約束のうち一社のみ",
    "一番の担当が異動になる",
    "共催セミナーの分担を決めた。会場は先方、登壇は当方",
    "ほとんど雑談。仕事の話は最後の五分だけ",
    "今後の開発予定を見てから動きたいそう",
};
static const char *const for_en[] = {
    "they decided among themselves before the meeting, it is a yes",
    "the head said afterwards: do it before the others do",
    "no objection left, only the date",
    "operations defended us when we had gone",
    "he will sign if the start is after the closing of the books",
};
static const char *const for_ja[] = {
    "会議の前に中で話は付いていたとのこと。前に進む",
    "終わった後、部長が早くやろうと言っていたそう",
    "反対は残っていない。日程だけ",
    "帰った後に現場がかばってくれたらしい",
    "決算が終われば判を押すとのこと",
};
static const char *const against_en[] = {
    "the head of IT thinks it makes his team smaller",
    "they smiled, but the budget is promised to somebody else",
    "nobody wants to be the one who signs",
    "the old vendor plays golf with the director",
    "finance sees no money before the new year",
};
static const char *const against_ja[] = {
    "情シスの責任者は仕事を取られると感じている",
    "笑顔だったが、予算は別の案件で決まっているらしい",
    "自分の名前で出したい人がいない",
    "今の業者と役員の付き合いが長い",
    "経理は年明けまで出せないと言っている",
};
static const char *const split_en[] = {
    "sales wants it, IT does not, the director will not choose between them",
    "two for it, one loud voice against",
    "everybody agrees on the problem and nobody on the date",
    "head office is for it, the regions have not been asked",
};
static const char *const split_ja[] = {
    "営業は賛成、情シスは反対。役員は決めたがらない",
    "二人は乗り気、一人だけ声の大きい反対",
    "課題は一致、時期で割れている",
    "本社は賛成。地方の拠点にはまだ聞いていない",
};
static const char *const unknown_en[] = {
    "even he cannot read the director",
    "nobody has said anything since, which can be either",
    "too early, they have not talked about it yet",
};
static const char *const unknown_ja[] = {
    "役員の考えは本人にも読めないとのこと",
    "その後誰も話題にしていない",
    "まだ社内で話していない。早すぎた",
};

#define POOL(array)                                                                    \
    {                                                                                  \
        array, sizeof(array) / sizeof *(array)                                         \
    }

const struct demo_pool demo_talk[TALK__MAX][2] = {
    [TALK_EARLY] = { POOL(early_en), POOL(early_ja) },
    [TALK_OFFER] = { POOL(offer_en), POOL(offer_ja) },
    [TALK_LATE] = { POOL(late_en), POOL(late_ja) },
    [TALK_AFTER] = { POOL(after_en), POOL(after_ja) },
    [TALK_PARTNER] = { POOL(partner_en), POOL(partner_ja) },
    [TALK_FOR] = { POOL(for_en), POOL(for_ja) },
    [TALK_AGAINST] = { POOL(against_en), POOL(against_ja) },
    [TALK_SPLIT] = { POOL(split_en), POOL(split_ja) },
    [TALK_UNKNOWN] = { POOL(unknown_en), POOL(unknown_ja) },
};
