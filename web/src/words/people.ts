/** Words of the list of everybody. */

export const zh = {
  title: '人员',
  batch: '批量记录',
  search: '姓名、拼音、代码或村居',
  age: '{years} 岁',
  stage: '阶段',
  everyStage: '全部阶段',
  sort: '怎么排',
  byDue: '按下一步',
  byName: '按姓名',
  count: '{n} 位',
  fetching: '正在准备拼音…',
  absent: '拼音没有取到，先用汉字或代码找。',
  next: '{what} · {when}',
  nothing: '眼下没有要办的',
  nobody: '没有找到',
  nobodyWhy: '换一个写法，或者去掉阶段的限制。手机上只有归你和你单位的人员。',
}

export const en: typeof zh = {
  title: 'People',
  batch: 'Record for many',
  search: 'Name, pinyin, code or village',
  age: 'aged {years}',
  stage: 'Stage',
  everyStage: 'Every stage',
  sort: 'Order by',
  byDue: 'Next step',
  byName: 'Name',
  count: 'One person | {n} people',
  fetching: 'Pinyin is on its way…',
  absent: 'Pinyin could not be fetched; characters and codes are found all the same.',
  next: '{what} · {when}',
  nothing: 'Nothing is owed just now',
  nobody: 'Nobody was found',
  nobodyWhy: 'Try to write it otherwise, or take any stage. Only your people and those of your office are on this phone.',
}
