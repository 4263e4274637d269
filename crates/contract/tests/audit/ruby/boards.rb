require 'looker-sdk'

sdk = LookerSDK::Client.new(api_endpoint: "https://bi.example.com:19999/api/3.1")
# sdk.all_spaces
sdk.all_spaces.each do |space|
  puts space.name
end
sdk.search_looks(space_id: 7).each { |look| puts "#{look.space_id} #{look.title}" }
sdk.create_look(title: "Copy", :space_id => "7")
